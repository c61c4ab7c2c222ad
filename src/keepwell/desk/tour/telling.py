"""The tour as one person hears it: their role's steps, each with the clients of its story that they may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import resolve, reverse

from keepwell.contract.schema import Text
from keepwell.desk.clients.models import ClientLine, ClientRecord
from keepwell.desk.clients.scope import placed, visible_to
from keepwell.desk.people.models import User
from keepwell.desk.tour import stories, ticks
from keepwell.desk.tour.models import Story
from keepwell.desk.tour.steps import Step, steps_of

Lines = tuple[ClientLine, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One step as it is shown, each client with their page to open.

    `is_outside`: it has a story, of whose clients none is in the person's scope.
    """

    key: str
    title: Text
    look: Text
    why: Text
    url: str
    link: Text
    clients: tuple[tuple[ClientLine, str], ...]
    is_outside: bool
    is_seen: bool


def told_to(user: User) -> list[Told]:
    """The steps of the user's role; those of a story the firm does not have are left out."""
    known, seen = stories.all_by_key(), ticks.seen(user)
    told = steps_of(user.role, sees_clients=bool(user.may("clients.read")))
    steps = [step for step in told if not step.story or step.story in known]
    clients = _clients(user, [known[step.story] for step in steps if step.story])
    return [_told(user, step, known.get(step.story), clients, is_seen=step.key in seen) for step in steps]


def heard(user: User, key: str) -> Lines:
    """The clients of one story as the user hears it; none where the firm does not tell it."""
    story = stories.all_by_key().get(key)
    return _clients(user, [story])[key] if story else ()


def _told(user: User, step: Step, story: Story | None, clients: dict[str, Lines], *, is_seen: bool) -> Told:
    seen, (page, link) = clients.get(step.story, ()), step.page
    return Told(
        key=step.key,
        title=story.title if story else step.title,
        look=story.look if story and not step.look.en else step.look,
        why=step.why,
        url=_address(user, page),
        link=link,
        clients=tuple((line, _client_address(step, line)) for line in seen),
        is_outside=story is not None and not seen,
        is_seen=is_seen,
    )


def _client_address(step: Step, line: ClientLine) -> str:
    address = reverse(step.of_client, args=[line.client_id, *step.figure])
    return f"{address}#{step.at}" if step.at else address


def _address(user: User, page: str) -> str:
    """Where a page is, empty when the person may not open it: the role table decides, not the tour."""
    if not page:
        return ""
    address = reverse(page)
    return address if user.may(resolve(address).func.permission) else ""  # type: ignore[attr-defined]  # set by @requires


def _clients(user: User, told: list[Story]) -> dict[str, Lines]:
    """By story: the clients its records belong to today, only those within the user's scope.

    Of the casts a story can be told of, the first that the user sees anybody of.
    """
    records = {code for story in told for cast in story.casts for code in cast}
    owner = dict(ClientRecord.objects.filter(record_code__in=records).values_list("record_code", "client_id"))
    lines = {line.client_id: line for line in visible_to(user).filter(client_id__in=set(owner.values()))}
    placed(lines.values())
    found: dict[str, Lines] = {}
    for story in told:
        casts = (dict.fromkeys(owner[code] for code in cast if code in owner) for cast in story.casts)
        seen = (tuple(lines[one] for one in cast if one in lines) for cast in casts)
        found[story.key] = next((cast for cast in seen if cast), ())
    return found
