"""Django's SQLite with one queue for writers."""
