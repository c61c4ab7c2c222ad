"""What is different from the run before, and how do clients and assets spread over branches?

Reads: clients, their classes of now and of the month before, features and months, the run before.
Writes: changes of clients, the distribution of clients, moves between classes, months of branches.
Looked at by leaders and branch managers on their home pages, by everybody who asks what the run changed.
"""
