"""The tour: what is there to see in the made-up firm, for each role? Not there for a real firm.

Reads the stories the made-up firm tells of its people (taken in by the exchange) and, through the reader's scope, the
clients they are about. Writes which steps a reader has taken. Looked at by everybody at a demo.
"""
