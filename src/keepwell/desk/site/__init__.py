"""Which rooms stand on the desk, and at which address? Settings, URL map and entry points; nothing else."""
