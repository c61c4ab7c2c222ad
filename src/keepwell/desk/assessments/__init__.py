"""Has the client answered the questionnaire, and may a link to it be sent?

Reads clients in scope, what the run knows of their level, and one-time forms; writes forms and takes answered ones over
for the next run. Looked at on the client's card by whoever serves the client. Staff never answer.
"""
