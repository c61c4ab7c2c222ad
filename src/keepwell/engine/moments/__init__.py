"""When to be in touch with a client, and about what?

Reads: clients, their features, holdings and classes, the calendar, the moments of the runs before.
Writes: moments found so far, and those that are open.
Looked at by managers (today's list) and the service desk; their leaders see what is overdue.
"""
