"""How a delivered file is opened, whatever it is written in: all of them offer rows in order, and where each stands."""
