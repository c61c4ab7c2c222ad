"""Who holds whom, how full is each book, and what kinds of clients are in it?

Reads places in force, the run's months, limits, proposal and certificates. Writes reassignments, their undoing,
plans of allocation with their changes, agreements, objections and signatures. Looked at by managers, team leaders,
branch heads and the HQ brokerage department, each over their own scope.
"""
