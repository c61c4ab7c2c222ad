"""Are these two customer records one client, can what was joined be parted again, and which of their values is true?

Its piles, each with the same doors: `pairs` are judged, `merges` parted, `facts` found out (`guests` shows a branch
those of clients at home elsewhere), `remediation` brings clients up to date, `writeback` tells the firm's other
systems, `duplicates` answers whether somebody is on file. Below them lie whose a customer number is, how far a person
sees, and the tables.

Reads the run's waiting pairs with their evidence, its merges and splits, conflicts, where each value comes from,
records, profiles and open work. Writes judgements, splits, verifications, later due dates, files written back with
their answers, the kept history of merges and splits, and traces of duplicate checks. Looked at by the service desk, who
judges; by the front desk, who asks whether a person is on file elsewhere and finds out what is true; by HQ brokerage as
second person; by everybody on the card.
"""
