"""Written forms of dates and times, as a mapping file names them: ``YYYYMMDD``, ``YYYY-MM-DD hh:mm:ss``."""

from __future__ import annotations

import re

ISO_DATE = "YYYY-MM-DD"
ISO_INSTANT = "YYYY-MM-DD hh:mm:ss"
_TOKENS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S"}
_FORM = re.compile(r"YYYY|YY|MM|DD|hh|mm|ss|[-/. :T年月日时分秒]")


def pattern(form: str) -> str:
    """The ``strftime`` pattern of a form. Raises ``ValueError`` for anything that is no form of a date."""
    pieces = _FORM.findall(form)
    if "".join(pieces) != form or not {"MM", "DD"} <= set(pieces) or not {"YYYY", "YY"} & set(pieces):
        raise ValueError(
            f"{form!r} is no form of a date: write YYYY or YY, MM, DD, hh, mm, ss and what parts them"
        )
    return "".join(_TOKENS.get(piece, piece) for piece in pieces)
