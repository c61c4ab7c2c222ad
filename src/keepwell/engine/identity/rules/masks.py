"""How secrets are shown (rules.md §6.4): enough to tell them apart, too little to use them."""

from __future__ import annotations

from typing import Any

import ibis


def number(value: Any) -> Any:
    """First six and last four places; shorter numbers show the last two; nothing where there is none."""
    long = value.substr(0, 6) + "********" + value.right(4)
    masked = ibis.cases(
        (value.length() >= 15, long), (value.length() > 4, "****" + value.right(2)), else_="****"
    )
    return ibis.cases((value.notnull(), masked))


def phone(value: Any) -> Any:
    """`138****5678`; other numbers show the last two places."""
    return ibis.cases(
        (value.length() == 11, value.substr(0, 3) + "****" + value.right(4)), else_="****" + value.right(2)
    )


def email(value: Any) -> Any:
    """The first letter and what stands behind the sign."""
    return value.substr(0, 1) + "***@" + value.re_extract(r"@(.*)$", 1)


def address(value: Any) -> Any:
    """Down to the district, else the city, else two characters."""
    district = value.re_extract(r"^(.*?[区县旗])", 1)
    city = value.re_extract(r"^(.*?市)", 1)
    known = ibis.cases((district.length() > 0, district), (city.length() > 0, city), else_=value.substr(0, 2))
    return known + "***"
