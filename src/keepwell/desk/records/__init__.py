"""What happened to this one client? Reads the client's events from the run's Parquet, by its own accounts alone.

Reads the run's conformed sources and the client's months. Writes nothing. Looked at by those who may open the card;
the caller has asked `visible_to` first.
"""
