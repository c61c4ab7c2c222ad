"""What does a client answer, by themselves? The clients' own door: a process apart from the desk.

Reads one-time forms and the signed questionnaires; writes answers and the trace of each step. It knows no log-in and
no other table; looked at by clients alone.
"""
