"""Who refuses facts that suitability asks for: until they are given, nothing may be sold (Art. 33)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keepwell.engine import frames


def refusing(facts_refused: Any, client_record: Any, as_of: dt.date) -> Any:
    """Refusals that stand on the day, under the client: one row a refusal."""
    cut = frames.day(as_of)
    stands = (facts_refused.refused_on <= cut) & ~(facts_refused.given_on <= cut).fill_null(False)
    return facts_refused.filter(stands).join(client_record.select("record_code", "client_id"), "record_code")
