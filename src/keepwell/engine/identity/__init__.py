"""Who is the client: which customer records are one person, institution or product?

Reads: customer records with their secrets, investor codes, bank links, accounts, assignments, daily assets.
Writes: clients, their records and accounts, secrets (vault), search words, conflicts.
Looked at by everybody through the client list and card; by the service desk through conflicts.
"""
