"""Where do bytes live? The only package that opens a file or DuckDB.

Reads: extracts, conformed sources, run folders. Writes: the same, aside and then in one step.
Looked at by run, host and the command line; rooms never see it.
"""
