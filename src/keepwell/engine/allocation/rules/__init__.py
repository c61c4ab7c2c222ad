"""Allocation's rules: who is eligible, how well a pair fits, and the best plan of each branch."""
