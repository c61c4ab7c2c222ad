"""The button that asks to see a secret fact: `{% load reveals %}`, for templates of any room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keepwell.desk.clients.reveals import may_reveal
from keepwell.desk.ui import formats

register = template.Library()
WORDS = {
    "phone": (_("Show phone…"), _("Show phone of %(name)s")),
    "id_number": (_("Show document number…"), _("Show document number of %(name)s")),
    "address": (_("Show address…"), _("Show address of %(name)s")),
}


@register.inclusion_tag("clients/reveal_link.html", takes_context=True)
def reveal_link(
    context: Mapping[str, Any], line: Any, field: str, purpose: str = "", note: object = ""
) -> dict[str, Any]:
    """`{% reveal_link line "phone" purpose="call" note=reason %}`; nothing for a role that may not."""
    user = context["user"]
    label, spoken = WORDS[field]
    name = line.client_name if user.sees_names else formats.mask_name(line.client_name)
    given = {key: str(value) for key, value in (("purpose", purpose), ("note", note)) if value}
    address = reverse("clients:reveal", args=[line.client_id, field])
    return {
        "may": bool(may_reveal(user)),
        "url": f"{address}?{urlencode(given)}" if given else address,
        "label": label,
        "spoken": str(spoken) % {"name": name},
    }
