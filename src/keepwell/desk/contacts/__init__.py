"""Whom to contact first, why, and what was said and promised?

Reads the work list, the signed scripts, the gates, and the contacts the run brings. Writes contacts with every earlier
version, remarks, drafts of forms, and what became of each task. Looked at by managers, advisers, team leaders, the
front desk and the service desk; the timeline on the card by everyone who sees service facts.
"""
