"""What kind of client: which grade, which service type, what is the client doing, what is it worth?

Reads: clients, client features and months, suitability and answers, the classes of the run before.
Writes: client classes, those of the month before that moves are told against, values and their calibration.
Looked at by everybody: client list and card, allocation, moments, the figures of the home pages.
"""
