"""What is a client asked outside the desk, once, and what came of it?

Reads and writes one-time forms, their answers and their trace, and nothing else: no key points to another room, so that
the process of the pages for clients needs rights to these tables alone. Looked at by clients through ``client_pages``
and by staff through ``assessments``.
"""
