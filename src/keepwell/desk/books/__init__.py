"""Who holds whom, how full is each book, and what kinds of clients are in it?

Reads the run's distribution, months, loads and certificates. Writes nothing yet. Looked at by managers, team
leaders, branch heads and the HQ brokerage department, each over their own scope.
"""
