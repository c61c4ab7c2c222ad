"""Who works here, in which role, and how far do they see? Reads and writes users; administrators look at it."""
