"""What kind of clients are they, what is each kind owed, and who moved since the month before?

Reads places in force, the run's classes, its moves and the signed table of service levels. Writes nothing.
Looked at by branch heads, compliance and audit, and the HQ brokerage department, each over their own scope.
"""
