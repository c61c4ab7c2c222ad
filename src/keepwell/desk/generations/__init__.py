"""Which run do people see? One pointer row says it; a request reads it once at its start.

Reads the generations that intake wrote (a SQLite file or a PostgreSQL schema a run), writes nothing into them.
Writes the pointer and what the manifest says of each generation. Looked at by every room, through its queries.
"""
