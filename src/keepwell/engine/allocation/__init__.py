"""Who looks after whom: which manager of the home branch suits each existing client, within fair limits?

Reads: clients, grades, needs and wishes; staff with licences, strengths, traits, hours and leave; what people fixed or
ruled out. Writes: what counts of each client, a proposal with its alternatives and prices, limits, hours by class,
advisers, the pool, measures of fairness, a certificate per branch. Looked at by team leaders and branch managers;
nothing moves before they approve.
"""
