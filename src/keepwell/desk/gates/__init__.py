"""May this be done with this client now: contacted today, at this hour, by this person?

Reads the signed packs, the registrations of staff, its own ledger of contacts that count against the cap, and clients'
wishes. Writes that ledger and those wishes. Looked at by every room that turns to clients: each gate answers a Verdict.
"""
