"""Who looks after whom: which manager of the home branch suits each existing client, within fair limits?

Reads: clients, grades, needs, staff with licences, specialties and leave. Writes: a proposal, each manager's
load, a certificate per branch. Looked at by team leaders and branch managers; nothing moves before they approve.
"""
