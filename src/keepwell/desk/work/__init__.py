"""What is to be done, by whom, until when?

Reads the generation's moments and the items that rooms open; writes items and what became of each task, so that a
settled task leaves the list at once. Looked at through the pages of other rooms (Today, the card, the boards).

A task's key is made of source facts alone, "<rule>/<occasion>", and an act keeps the customer record it concerned:
after a merge or a split the record tells whose it is.
"""
