"""`{{ entry.verb|verb }}`, `{{ entry.subject_kind|subject_kind }}`, `{{ entry.reason|reason }}`."""

from __future__ import annotations

from django import template

from keepwell.desk.audit.verbs import reason_text, subject_text, verb_text

register = template.Library()
register.filter("verb", verb_text)
register.filter("subject_kind", subject_text)
register.filter("reason", reason_text)
