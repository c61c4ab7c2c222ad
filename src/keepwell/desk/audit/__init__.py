"""Who did what, when, and is the record whole? Every room writes through `record`; compliance and audit read."""
