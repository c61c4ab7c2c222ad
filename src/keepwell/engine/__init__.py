"""West wing: decides in batch, over columns; no people, no clock, no web."""
