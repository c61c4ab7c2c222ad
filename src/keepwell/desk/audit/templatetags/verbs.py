"""`{{ entry.verb|verb }}`."""

from __future__ import annotations

from django import template

from keepwell.desk.audit.verbs import verb_text

register = template.Library()
register.filter("verb", verb_text)
