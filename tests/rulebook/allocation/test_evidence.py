"""The evidence stands by itself: other code finds the same nets and the same choice without solving anything."""

from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from keepwell.contract.serving import ScorePart
from tests.book import Rows
from tests.rulebook.allocation.branch import CHANGES, clients, licences, propose, staff, strong

NEEDS = ("stock", "fund", "bond", "wealth", "margin", "education")
CODES = ("S1", "S2", "S3", "S4")


def branch_of_chance(seed: int, n: int = 80) -> dict[str, Rows]:
    chance = Random(seed)  # noqa: S311 - invented numbers, not secrets
    rows: list[dict[str, Any]] = []
    for place in range(n):
        need = chance.choice(NEEDS)
        grade = chance.choices(("strategic", "important", "regular", "basic"), (1, 3, 10, 30))[0]
        rows.append(
            dict(clients(1, chance.choices(CODES, (6, 3, 2, 1))[0])[0])
            | {
                "client_id": f"C{place:03}",
                "grade": grade,
                "is_top_tier": grade in ("strategic", "important"),
                "n_value_units": chance.randrange(300),
                "is_vulnerable": chance.random() < 0.1,
                "is_need_known": True,
                f"{need}_need_share": Decimal(chance.randrange(1, 10)) / 10,
            }
        )
    strengths = [
        one for code in CODES for one in strong(code, **{chance.choice(NEEDS): "0.9", "fund": "0.4"})
    ]
    team = [one for code in CODES for one in staff(code, level=chance.randrange(1, 6))]
    return {
        "allocation_use": rows,
        "staff": team,
        "staff_licence": licences(*CODES),
        "staff_specialty": strengths,
        "branch": [{"branch_code": "B1", "city_tier": "tier_2"}],
    }


@pytest.fixture(scope="module", params=[(1, False), (2, False), (3, False), (1, True)])
def sheet(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    """What a night tells, of everybody decided anew or of the eighth part who changed."""
    seed, only_changes = request.param
    tables, packs = branch_of_chance(seed), CHANGES if only_changes else None
    tables |= {
        "client_record": [{"record_code": "CR1", "client_id": "C005"}],
        "returned_tie": [{"tie_key": "1", "record_code": "CR1", "staff_code": "S4", "tie_kind": "pin"}],
    }
    if only_changes:
        parents = ("allocation_proposal", "allocation_anew")
        tables |= {f"parent_{name}": propose(name, packs=packs, **tables) for name in parents}
        tables["allocation_use"] = [
            row if place % 8 else {**row, "is_vulnerable": not row["is_vulnerable"]}
            for place, row in enumerate(tables["allocation_use"])
        ]
    names = ("proposal", "alternative", "limit", "hours", "certificate", "contradiction", "weight", "anew")
    written = {name: propose(f"allocation_{name}", packs=packs, **tables) for name in names}
    return written | {"use": [dict(row) for row in tables["allocation_use"]]}


def kept(sheet: dict[str, list[dict[str, Any]]]) -> set[str]:
    """Clients who were not decided anew, or fixed by people."""
    fixed = {row["client_id"] for row in sheet["proposal"] if row["is_pinned"]}
    return fixed | {row["client_id"] for row in sheet["anew"] if not row["is_anew"]}


def taken(sheet: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Decimal]]:
    """What each client takes of each limit, from the evidence."""
    hours = {row["grade"]: row["given_hours"] for row in sheet["hours"]}
    return {
        row["client_id"]: {
            "heads": Decimal(1),
            "hours": hours[row["grade"]],
            "value": Decimal(row["n_value_units"]),
            "top_tier": Decimal(row["is_top_tier"]),
            "vulnerable": Decimal(row["is_vulnerable"]),
        }
        for row in sheet["use"]
    }


def by_manager(sheet: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    limit: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in sheet["limit"]:
        limit[row["staff_code"]][row["resource"]] = row
    return limit


def test_r054_net_is_score_less_price_times_use_to_the_last_digit(sheet: dict[str, Any]) -> None:
    use, price = taken(sheet), {(row["staff_code"], row["resource"]): row["price"] for row in sheet["limit"]}
    change = sheet["certificate"][0]["change_price"]
    present = {row["client_id"]: row["current_code"] for row in sheet["proposal"]}
    given = {row["client_id"] for row in sheet["proposal"] if row["is_pinned"] and row["is_change"]}
    for row in sheet["alternative"]:
        score = sum((row[f"{part}_points"] for part in ScorePart), Decimal(0))
        charged = sum(price[row["manager_code"], name] * n for name, n in use[row["client_id"]].items())
        client = row["client_id"]  # what people fix elsewhere is no change of the plan's
        moved = change if row["manager_code"] != present[client] and client not in given else 0
        assert row["score"] == score
        assert row["net"] == score - charged - moved


def test_r054_the_same_choice_follows_from_the_evidence(sheet: dict[str, Any]) -> None:
    """Of all managers to whom a client could go alone without a limit breaking, the proposed one scores the most."""
    use, limit = taken(sheet), by_manager(sheet)
    proof = sheet["certificate"][0]
    listed = defaultdict(list)
    for row in sheet["alternative"]:
        listed[row["client_id"]].append(row)
    current = {row["client_id"]: row["current_code"] for row in sheet["proposal"]}
    for client_id, rows in listed.items():
        (chosen,) = (row for row in rows if row["is_chosen"])
        room = proof["n_changes_at_most"] is None or proof["n_changes"] < proof["n_changes_at_most"]

        def could(
            row: dict[str, Any], mine: dict[str, Any] = chosen, who: str = client_id, left: bool = room
        ) -> bool:
            into, out = limit[row["manager_code"]], limit[mine["manager_code"]]
            fits = all(
                n == 0
                or (
                    (
                        into[name]["load_upper"] is None
                        or into[name]["load_proposed"] + n <= into[name]["load_upper"]
                    )
                    and (
                        out[name]["load_lower"] is None
                        or out[name]["load_proposed"] - n >= out[name]["load_lower"]
                    )
                )
                for name, n in use[who].items()
            )
            moves_anew = mine["manager_code"] == current[who]
            return fits and (left or not moves_anew)

        asked = client_id not in kept(sheet)
        others = [row for row in rows if asked and not row["is_chosen"] and could(row)]
        assert all(row["score"] <= chosen["score"] for row in others)


def test_r054_no_limit_is_broken_and_everybody_is_placed(sheet: dict[str, Any]) -> None:
    assert all(row["load_slack"] is None or row["load_slack"] >= 0 for row in sheet["limit"])
    assert all(row["manager_code"] for row in sheet["proposal"])
    heads = sum(row["load_proposed"] for row in sheet["limit"] if row["resource"] == "heads")
    assert heads == len(sheet["use"])


def test_r054_the_bound_follows_from_the_evidence(sheet: dict[str, Any]) -> None:
    """Any prices bound every plan (Geoffrion 1974): all four managers are listed, so the sum can be made."""
    best: dict[str, Decimal] = {}
    stays = kept(sheet)
    for row in sheet["alternative"]:
        if row["client_id"] in stays and not row["is_chosen"]:
            continue
        best[row["client_id"]] = max(best.get(row["client_id"], row["net"]), row["net"])
    proof = sheet["certificate"][0]
    rows = sum(
        row["price"] * (row["load_upper"] if row["price"] > 0 else row["load_lower"])
        for row in sheet["limit"]
        if row["price"]
    )
    changes = proof["change_price"] * (proof["n_changes_at_most"] or 0)
    bound = sum(best.values()) + rows + changes
    assert abs(bound - proof["bound"]) < Decimal("0.00001")
    assert proof["value"] <= proof["bound"]
    assert sum(row["score"] for row in sheet["proposal"]) == proof["value"]


def test_r054_what_a_pin_costs_stands_in_the_evidence(sheet: dict[str, Any]) -> None:
    """Whom people fixed has alternatives too: what the best of them nets more is the price of the pin."""
    rows = {row["manager_code"]: row for row in sheet["alternative"] if row["client_id"] == "C005"}
    (told,) = (row for row in sheet["proposal"] if row["client_id"] == "C005")
    assert (told["manager_code"], told["allocation_reason"]) == ("S4", "pinned")
    assert rows["S4"]["alternative_reason"] == "chosen_by_people"
    assert set(rows) == set(CODES)
    dearer = [row for code, row in rows.items() if code != "S4" and row["net"] > rows["S4"]["net"]]
    assert {row["alternative_reason"] for row in dearer} <= {"fixed_elsewhere"}


def test_r054_only_whose_place_costs_more_than_the_others_reward_is_called_full(
    sheet: dict[str, Any],
) -> None:
    price = {(row["client_id"], row["manager_code"]): row["limits_price"] for row in sheet["alternative"]}
    for row in sheet["proposal"]:
        best, chosen = (price.get((row["client_id"], row[name])) for name in ("best_code", "manager_code"))
        if row["allocation_reason"] == "best_is_full":
            assert best > abs(chosen), row
        elif row["allocation_reason"] == "fills_lower_limit":
            assert best <= abs(chosen), row
