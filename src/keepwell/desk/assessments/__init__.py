"""Has the client answered the questionnaire, may a link to it be sent, and was the client told what came of it?

Reads clients in scope, what the run knows of their level, what it graded anew, and one-time forms; writes forms, takes
answered ones over for the next run, and notes that a client was told. Looked at on the client's card by whoever serves
the client, and as lists by compliance. Staff never answer.
"""
