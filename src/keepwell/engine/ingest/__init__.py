"""Which delivered rows may be believed, and what is wrong with the others?

Reads: raw text or typed columns with file and line (the store opens them), a vendor's mapping file.
Writes: the source tables, ``delivery``, ``quarantine``. Looked at by identity and every later room;
people see deliveries and quarantine at the desk. Only SQL text is made here: no file is opened.
"""
