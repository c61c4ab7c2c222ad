"""What kind of client: which grade, which service type, and what is the client doing?

Reads: clients, client features and months, suitability and answers, the classes of the run before.
Writes: client classes, and those of the month before that moves are told against.
Looked at by everybody: client list and card, allocation, moments, the figures of the home pages.
"""
