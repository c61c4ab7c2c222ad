"""Who did what, when, and is the record whole? Writes the two logs and their chains, for every room; reads them.

Compliance and audit look at the firm's log; the log of AML officers is theirs alone.
"""
