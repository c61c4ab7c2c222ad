"""Number types of the packs with their usual bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from keepwell.policy.loading import AtLeast, AtMost

Share = Annotated[Decimal, AtLeast(0), AtMost(1)]
Ratio = Annotated[Decimal, AtLeast(0), AtMost(100)]
Amount = Annotated[Decimal, AtLeast(0), AtMost(Decimal("9999999999999999.99"))]
Days = Annotated[int, AtLeast(1), AtMost(7320)]
DaysFromZero = Annotated[int, AtLeast(0), AtMost(7320)]
Months = Annotated[int, AtLeast(1), AtMost(240)]
Count = Annotated[int, AtLeast(0), AtMost(1_000_000)]
Positive = Annotated[int, AtLeast(1), AtMost(1_000_000)]
Bits = Annotated[Decimal, AtLeast(-40), AtMost(40)]
Hours = Annotated[Decimal, AtLeast(0), AtMost(744)]
