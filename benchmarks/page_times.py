"""One desk's pages, asked for through the whole application in this process; prints JSON, a page a key.

Called by ``pages.py`` with the desk's environment. The database connection is opened and closed with each page where
production does so (SQLite).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import django
import duckdb
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

KINDS = ("pinyin", "initials", "account")


@dataclass(frozen=True, slots=True)
class Asked:
    """One page and who asks for it."""

    name: str
    who: str
    url: str
    typed: str = ""


def main() -> None:
    """Ask for every page so many times and print what it took."""
    django.setup()
    from keepwell.desk.people.models import User

    times, browsers, told = int(sys.argv[1]), {}, {}
    for page in list(pages()):
        if page.who not in browsers:
            browsers[page.who] = Client(headers={"host": "localhost"})
            user = User.objects.get(username=page.who)
            browsers[page.who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        told[page.name] = measured(browsers[page.who], page, times)
    print(json.dumps(told))


def pages() -> Iterator[Asked]:
    """The pages people open most; the deep page begins behind nine tenths of the list."""
    from keepwell.desk.clients.models import ClientLine
    from keepwell.desk.generations.queries import read_current
    from keepwell.desk.ui.paging import after

    read_current()
    listed, existing = reverse("clients:list"), ClientLine.objects.filter(population="existing")
    deep = existing.order_by("-sort_amount", "-client_id")[existing.count() * 9 // 10]
    cursor = after(deep, ("-sort_amount", "-client_id"))
    card = reverse("clients:card", args=[existing.order_by("pk")[0].pk])
    yield Asked("list, firm, first page", "bench_firm", listed)
    yield Asked("list, firm, one class", "bench_firm", f"{listed}?grade=important&service_type=cautious")
    yield Asked("list, firm, leaving", "bench_firm", f"{listed}?activity_state=leaving")
    yield Asked("list, firm, deep page", "bench_firm", f"{listed}?after={cursor}")
    yield Asked("list, one branch", "bench_head", listed)
    yield Asked("list, one book, one grade", "bench_manager", f"{listed}?grade=basic")
    yield Asked("Today of a manager", "bench_manager", reverse("contacts:today"))
    yield Asked("Today of a team leader", "bench_leader", reverse("contacts:today"))
    for kind, typed in searched().items():
        yield Asked(f"search by {kind}, firm", "bench_firm", reverse("clients:search"), typed=typed)
    yield Asked("client card", "bench_firm", card)
    yield Asked("home of a manager", "bench_manager", reverse("books:mine"))
    yield Asked("home of a team leader", "bench_leader", reverse("books:team"))
    yield Asked("home of a branch head", "bench_head", reverse("books:branch"))
    yield Asked("home of headquarters", "bench_firm", reverse("books:firm"))
    yield Asked("changes, firm", "bench_firm", reverse("clients:changes"))
    yield Asked("runs", "bench_firm", reverse("exchange:runs"))
    yield Asked("quarantine", "bench_firm", reverse("exchange:quarantine"))


def searched() -> dict[str, str]:
    """Something to type for every kind of search; whole numbers and tails are the run's own, opened in its vault."""
    from django.conf import settings

    from keepwell.desk.clients.models import ClientProfile, SearchToken
    from keepwell.desk.generations.queries import current

    name = ClientProfile.objects.order_by("pk")[0].client_name
    tokens = SearchToken.objects.order_by("client_id")
    first = {kind: [row.token for row in tokens.filter(token_kind=kind)[:9]] for kind in KINDS}
    account = max(first["account"], key=len)
    vault = settings.DATA / "runs" / current().run_id / "vault" / "client_secret.parquet"
    phone, document = duckdb.sql(
        f"SELECT phone, id_number FROM '{vault}' WHERE phone IS NOT NULL AND length(id_number) = 18 LIMIT 1"
    ).fetchall()[0]
    return {
        "name": name,
        "family name": name[:1],
        "pinyin": first["pinyin"][0],
        "initials": first["initials"][0],
        "phone": phone,
        "phone tail": phone[-4:],
        "account": account,
        "account tail": account[-4:],
        "ID": document,
        "ID tail": document[-4:],
        "nothing that exists": "9999999",
    }


def measured(browser: Client, page: Asked, times: int) -> dict[str, Any]:
    """Milliseconds of each request after one warm-up, wall and CPU of this process; queries, size."""
    seconds, cpu = [], []
    for _ in range(times + 1):
        begun, spent = time.perf_counter(), time.process_time()
        answer = ask(browser, page)
        if connection.settings_dict["CONN_MAX_AGE"] == 0:
            connection.close()
        seconds.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - spent)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.name}: {answer.status_code} for {page.url}")
    with CaptureQueriesContext(connection) as queries:
        ask(browser, page)
    kept = sorted(1000 * one for one in seconds[1:])
    return {
        "median": median(kept),
        "p95": kept[min(len(kept) - 1, int(0.95 * len(kept)))],
        "cpu": 1000 * median(cpu[1:]),
        "queries": len(queries),
        "bytes": len(answer.content),
    }


def ask(browser: Client, page: Asked) -> Any:
    """One request."""
    return browser.post(page.url, {"q": page.typed}) if page.typed else browser.get(page.url)


if __name__ == "__main__":
    main()
