"""Who is the client: which customer records are one person, institution or product?

Reads: customer records with their secrets, investor codes, bank links, accounts, assignments, daily assets,
assessments; what people judged and verified.
Writes: clients, their records and accounts, where each value comes from, secrets (vault), search words, pairs to be
judged, merges and splits, conflicts, accounts beyond the limit.
Looked at by everybody through the client list and card; by the service desk through conflicts.
"""
