"""The tour: what is there to see in the made-up firm, for each role? Not there for a real firm."""
