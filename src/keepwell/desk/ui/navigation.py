"""What stands in the side navigation, the palette and behind "home": rooms register their pages in `ready`.

Only what is built is registered, so nothing else can appear. A role sees a page when the page names a place
for it; the palette offers every registered page that the role may open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

GROUPS: dict[str, Label] = {
    "work": _("Work"),
    "clients": _("Clients"),
    "reference": _("Reference"),
    "team": _("Team"),
    "service": _("Service"),
    "branch": _("Branch"),
    "counter": _("Counter"),
    "intake": _("Intake"),
    "handle": _("Handle"),
    "inspect": _("Inspect"),
    "grounds": _("Grounds"),
    "scenarios": _("Scenarios"),
    "overview": _("Overview"),
    "policy": _("Policy"),
    "people": _("People"),
    "runs": _("Runs"),
}
MOST_ENTRIES = 12


class Reader(Protocol):
    """What navigation asks of the logged-in user."""

    @property
    def role(self) -> str:
        """The role's code."""

    @property
    def navigation_groups(self) -> tuple[str, ...]:
        """Groups of the side navigation, in order."""

    def may(self, permission: str) -> object:
        """Truthy when the role holds the permission."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role finds a page: group, position in it, and its own label where it has one."""

    role: str
    group: str
    position: int
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be gone to: URL name without arguments, label, permission, places.

    `homes` maps roles to a rank: a role's home is its registered page of highest rank.
    `count` answers how much work waits there for the user; `None` shows nothing.
    """

    url: str
    label: Label
    permission: str
    places: tuple[Place, ...] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    count: Callable[[Reader], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the side navigation as it is shown."""

    url: str
    label: Label
    is_current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Help:
    """A page that helps to find one's way: whether it is offered at all, and also at the top of one's home.

    `dismiss` is the address (POST) after which the home shows it no more.
    """

    url: str
    dismiss: str
    label: Label
    offered: Callable[[HttpRequest], bool]
    banner: Callable[[HttpRequest], bool]


_pages: dict[str, Page] = {}
_search: list[tuple[str, str]] = []
_notices: list[str] = []
_palette: list[tuple[str, str]] = []
_client_acts: dict[str, tuple[Label, str]] = {}
_help: list[Help] = []


def address(url: str) -> str:
    """Address of a URL name without arguments, worked out once: the frame of every page asks for some forty."""
    return _address(url, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1024)
def _address(url: str, urlconf: str, _prefix: str) -> str:
    return reverse(url, urlconf)


def register(page: Page) -> None:
    """Add a page; raises `ValueError` on a group that does not exist."""
    for place in page.places:
        if place.group not in GROUPS:
            raise ValueError(f"{page.url}: group {place.group!r} is not one of {', '.join(GROUPS)}")
    _pages[page.url] = page


def register_search(url: str, permission: str) -> None:
    """Name the page that answers the search box (POST, field `q`) and who may use it."""
    _search[:] = [(url, permission)]


def register_palette(url: str, permission: str) -> None:
    """Name the address that answers the palette with options: GET the latest, POST field `q` what was typed."""
    _palette[:] = [(url, permission)]


def palette_url(user: Reader) -> str | None:
    """Address of the palette's own search, `None` for a role that searches no client."""
    return next((address(url) for url, permission in _palette if user.may(permission)), None)


def register_client_act(url: str, label: Label, permission: str) -> None:
    """Name an act that the palette offers for a client: its address takes the client alone."""
    _client_acts[url] = (label, permission)


def client_acts(user: Reader) -> list[tuple[str, Label]]:
    """What the palette offers the user to do for a client: URL name and label."""
    return [(url, label) for url, (label, permission) in _client_acts.items() if user.may(permission)]


def register_help(page: Help) -> None:
    """Name the page that helps newcomers; it stands in the menu of one's own and in the palette."""
    _help[:] = [page]


def help_for(request: HttpRequest) -> Help | None:
    """The page that helps newcomers, where it is offered."""
    return next((page for page in _help if page.offered(request)), None)


def register_notices(url: str) -> None:
    """Name the page of notices, which the top bar links to with a dot while something is unread."""
    _notices[:] = [url]


def notices_url() -> str | None:
    """Address of the page of notices, if a room has one."""
    return address(_notices[0]) if _notices else None


def search_url(user: Reader) -> str | None:
    """Address of the search page, `None` for a role that searches no client."""
    return next((address(url) for url, permission in _search if user.may(permission)), None)


def home(user: Reader) -> str | None:
    """URL name of the home: of the role's homes that the user may open the highest; `None` where there is none."""
    homes = [(page.homes[user.role], url) for url, page in _pages.items() if user.role in page.homes]
    ranked = [(rank, url) for rank, url in homes if user.may(_pages[url].permission)]
    return max(ranked)[1] if ranked else None


def label_of(url: str) -> str:
    """What the page of a URL name is called, empty for an address that is no page."""
    page = _pages.get(url)
    return str(page.label) if page else ""


def addresses() -> list[str]:
    """URL names of every registered page."""
    return list(_pages)


def pages_for(user: Reader) -> list[Page]:
    """Every registered page that the user may open, those of the own navigation first."""
    allowed = [page for page in _pages.values() if user.may(page.permission)]
    return sorted(allowed, key=lambda page: not any(place.role == user.role for place in page.places))


def groups_for(user: Reader, current: str) -> list[tuple[Label, list[Entry]]]:
    """The side navigation of a user: groups in the role's order, each with its entries; empty ones left out."""
    placed = [
        (place, page)
        for page in pages_for(user)
        for place in page.places
        if place.role == user.role and place.group in user.navigation_groups
    ]
    shown = []
    for group in user.navigation_groups:
        entries = sorted(
            (pair for pair in placed if pair[0].group == group), key=lambda pair: pair[0].position
        )
        if entries:
            shown.append((GROUPS[group], list(_entries(entries, user, current))))
    return shown


def _entries(placed: Iterable[tuple[Place, Page]], user: Reader, current: str) -> Iterable[Entry]:
    for place, page in placed:
        count = page.count(user) if page.count else None
        yield Entry(address(page.url), place.label or page.label, page.url == current, count)
