"""Who is this client, what was decided about them, and who may see it?

Reads the current generation's decisions and, for the authorised client alone, the run's events. Writes the
client anchors (through intake) and an audit row for every card read. Looked at by every role but administrators.
"""
