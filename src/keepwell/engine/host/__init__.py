"""What would be if? A process that lives long, holds the run asked about in memory and answers the desk's asks.

Reads the folder of asks and the published runs. Writes answers into that folder, nothing else. Looked at by the desk,
which shows an answer to whoever asked.

Doors: ``serving`` (the loop) > ``trying`` (one kind of ask) ; ``folder`` (the files both sides know).
"""
