"""Identity's rules: standard form, shared keys, clusters under a veto, golden record, conflicts, search words."""
