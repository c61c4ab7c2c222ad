"""What would a firm deliver, and what really happened there?

Reads: nothing but parameters (``firm.toml``), a seed and the days of the calendar; it opens no extract and no run.
Writes: batches of every source table of the contract, and of truth tables (``truth.person`` ...) no stage may open.
Looked at by: whoever tries Keepwell without data of their own, the tests, the benchmarks.

Everybody in it is invented. Names, roads, companies and securities are put together from lists written for this room;
document numbers are right by form and check digit and belong to nobody (``identifiers``). Start with ``making``:
``simulate`` yields the batches, ``plan`` tells how many there will be.
"""
