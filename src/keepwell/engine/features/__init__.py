"""What do we know of each client on the day of the cut?

Reads: clients, their accounts and records, assets, holdings, trades, flows, log-ins, income, assessments, contacts.
Writes: client features, client holdings, client months.
Looked at by grading, allocation and moments, and by everybody on the client card.
"""
