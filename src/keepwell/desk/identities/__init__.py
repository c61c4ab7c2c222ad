"""Are these two customer records one client, and can what was joined be parted again?

Reads the run's waiting pairs with their evidence, its merges and splits, records, profiles and open work. Writes
judgements, splits, the kept history of merges and splits, and traces of duplicate checks. Looked at by the service
desk, who judges; by the front desk, who asks whether a person is on file elsewhere; by HQ brokerage as second person.
"""
