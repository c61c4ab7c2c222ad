"""What is there to see in the made-up firm, for each role? Of a real firm there is no tour.

Reads the stories the exchange kept and the clients within the reader's scope; writes what of the tour a person has
seen. Looked at by everybody who gets to know the desk, for five minutes.
"""
