"""`{{ entry.verb|verb }}`."""

from __future__ import annotations

from django import template

from keepwell.desk.audit.verbs import subject_text, verb_text

register = template.Library()
register.filter("verb", verb_text)
register.filter("subject_kind", subject_text)
