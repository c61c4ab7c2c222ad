"""R230: rule packs with versions, dates in force, owners and evidence; the firm's own stand before the defaults."""

import dataclasses
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keepwell.contract.codes import MomentKind, MomentRule, Role
from keepwell.policy.errors import PackError
from keepwell.policy.pack import Evidence, Mark
from keepwell.policy.packs import DEFAULTS, PACK_TYPES, load_pack, load_packs, versions_in

AS_OF = date(2026, 11, 20)


def own(folder: Path, pack_id: str, **changes: str) -> Path:
    """A copy of a default pack in the firm's folder, with texts replaced (old=new)."""
    text = (DEFAULTS / f"{pack_id}.toml").read_text("utf-8")
    for old, new in changes.items():
        text = re.sub(rf"(?m)^{old} = .*$", f"{old} = {new}", text)
    path = folder / f"{pack_id}-{len(list(folder.iterdir()))}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("as_of", [date(1994, 3, 31), date(2022, 11, 29), AS_OF])
def test_r230_the_defaults_load_for_every_date_a_run_may_have(as_of: date) -> None:
    packs = load_packs(as_of, calendar="weekdays")
    assert [pack.header.id for pack in packs.all()] == list(PACK_TYPES)
    assert all(pack.header.is_in_force(as_of) for pack in packs.all())


def test_r230_each_file_of_the_defaults_is_a_known_pack_named_for_its_id() -> None:
    assert {path.stem for path in DEFAULTS.glob("*.toml")} == set(PACK_TYPES)


@pytest.mark.parametrize("pack_id", PACK_TYPES)
def test_r230_every_number_has_an_evidence_mark_with_a_source(pack_id: str) -> None:
    pack = getattr(load_packs(AS_OF), pack_id)
    assert isinstance(pack.header.owner, Role)
    for grounds in (pack.header.regulation, pack.header.article):
        assert grounds.en.isascii(), grounds.en
        assert any("\u4e00" <= sign <= "\u9fff" for sign in grounds.zh), grounds.zh
    entries = pack.entries()
    assert entries
    assert all(isinstance(e.mark, Mark) and e.source for _, _, e in entries)


def test_r230_a_finer_evidence_mark_wins_over_that_of_its_section() -> None:
    suitability = load_packs(AS_OF).suitability
    assert suitability.mark_of("questionnaire.valid_months").mark is Mark.PARTLY_VERIFIED
    assert suitability.mark_of("questionnaire.remind_days_before").mark is Mark.PRACTICE
    with pytest.raises(KeyError):
        suitability.mark_of("nowhere")


def test_r230_a_number_without_evidence_and_evidence_without_a_number_are_refused() -> None:
    clients = load_packs(AS_OF).clients
    only_existing = tuple(e for e in clients.evidence if e.key == "existing")
    with pytest.raises(ValueError, match=r"evidence mark for dormancy\.n_months_without_trade"):
        dataclasses.replace(clients, evidence=only_existing)
    stray = (*clients.evidence, Evidence("dormant", Mark.PRACTICE, "nothing of that name"))
    with pytest.raises(ValueError, match="not for 'dormant'"):
        dataclasses.replace(clients, evidence=stray)


def test_r230_numbers_of_the_rules_are_those_of_the_defaults() -> None:
    packs = load_packs(AS_OF)
    cuts = [
        (level.assets_at_least_amount, level.contribution_at_least_amount) for level in packs.grading.levels
    ]
    assert cuts == [(3_000_000, 20_000), (500_000, 5_000), (50_000, 500), (0, 0)]
    assert packs.suitability.questionnaire.valid_months == 24
    assert packs.suitability.questionnaire.remind_days_before == (60, 30, 7)
    assert (packs.clients.dormancy.n_months_without_trade, packs.clients.dormancy.balance_at_most_amount) == (
        36,
        100,
    )
    assert packs.activity.asleep.n_days_without_trade == 90
    assert packs.features.windows.days == (30, 90, 180, 365)
    assert packs.retention_of_runs.n_latest == 14
    assert packs.allocation.eligibility.needs_valid_licence


def test_r230_each_moment_rule_has_a_section_and_legal_duties_pass_the_cap() -> None:
    rules = load_packs(AS_OF).moments.rules()
    assert [code for code, _ in rules] == list(MomentRule)
    assert {code for code, rule in rules if rule.kind is MomentKind.LEGAL} == {
        MomentRule.ASSESSMENT_EXPIRY,
        MomentRule.ID_EXPIRY,
    }
    assert all(rule.counts_against_cap == (rule.kind is not MomentKind.LEGAL) for _, rule in rules)


def test_r230_a_pack_cannot_be_changed_after_loading() -> None:
    packs = load_packs(AS_OF)
    with pytest.raises(dataclasses.FrozenInstanceError):
        packs.clients.dormancy.n_months_without_trade = 1  # type: ignore[misc]  # the very assignment under test
    assert packs.clients.dormancy.n_months_without_trade == 36


def test_r230_the_firms_pack_stands_before_the_default_while_in_force(tmp_path: Path) -> None:
    own(
        tmp_path, "activity", in_force_from="2026-07-01\nin_force_to = 2027-01-01", n_days_without_trade="120"
    )
    before, during, after = (
        load_packs(on, tmp_path) for on in (date(2026, 6, 30), date(2026, 7, 1), date(2027, 1, 1))
    )
    assert before.activity == after.activity == load_packs(AS_OF).activity
    assert during.activity.asleep.n_days_without_trade == 120
    assert during.versions()["activity"] != before.versions()["activity"]
    assert during.versions()["grading"] == before.versions()["grading"]


def test_r230_overlapping_versions_of_one_pack_are_refused(tmp_path: Path) -> None:
    own(tmp_path, "activity", in_force_from="2026-01-01\nin_force_to = 2026-07-01")
    later = own(tmp_path, "activity", in_force_from="2026-06-30")
    with pytest.raises(PackError) as fault:
        load_packs(AS_OF, tmp_path)
    assert fault.value.file == str(later)
    assert fault.value.key == "header.in_force_from"
    assert fault.value.found == "2026-06-30"
    assert "2026-07-01" in fault.value.allowed
    own_dates = [pack.header.in_force_from for pack in versions_in(DEFAULTS)["activity"]]
    assert own_dates == [date(1990, 1, 1)]


def test_r230_versions_that_follow_each_other_are_accepted(tmp_path: Path) -> None:
    own(
        tmp_path, "activity", in_force_from="2026-01-01\nin_force_to = 2026-07-01", n_days_without_trade="100"
    )
    own(tmp_path, "activity", in_force_from="2026-07-01", n_days_without_trade="110")
    idle = [
        load_packs(on, tmp_path).activity.asleep.n_days_without_trade for on in (date(2026, 6, 30), AS_OF)
    ]
    assert idle == [100, 110]


@pytest.mark.parametrize(
    ("changes", "key", "allowed"),
    [
        (
            {"in_force_from": "2026-01-01\nin_force_to = 2026-01-01"},
            "header",
            "in_force_to after in_force_from",
        ),
        ({"id": '"activities"'}, "header.id", "one of clients, identity"),
        ({"owner": '"the boss"'}, "header.owner", "one of manager, adviser"),
        ({"mark": '"sure"'}, "evidence[0].mark", "one of V, V*, K, P"),
        (
            {"precedence": '["active", "lost", "asleep", "leaving", "hesitating"]'},
            "(whole file)",
            "active last",
        ),
        ({"login_norm_window_days": "30"}, "leaving", "above login_window_days"),
    ],
)
def test_r230_a_bad_pack_of_the_firm_is_refused(
    changes: dict[str, str], key: str, allowed: str, tmp_path: Path
) -> None:
    path = own(tmp_path, "activity", **changes)
    with pytest.raises(PackError) as fault:
        load_packs(AS_OF, tmp_path)
    assert (fault.value.file, fault.value.key) == (str(path), key)
    assert allowed in fault.value.allowed


def test_r230_an_as_of_date_before_every_version_is_refused() -> None:
    with pytest.raises(PackError, match=r"1989-12-31.*as-of date in 1990-01-01 to open"):
        load_packs(date(1989, 12, 31), calendar="weekdays")


def test_r230_a_missing_folder_of_the_firm_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        load_packs(AS_OF, tmp_path / "gone")


@pytest.mark.parametrize(
    ("pack_id", "changes", "allowed"),
    [
        ("grading", {"grade": '"basic"'}, "each grade once"),
        ("grading", {"assets_at_least_amount": '"5.00"'}, "below those of"),
        ("grading", {"risk_level": '"C1"'}, "each risk level once"),
        ("allocation", {"need_weight": '"0.50"'}, "add up to 1, not 1.15"),
        (
            "allocation",
            {"never_in_score": '["sex"]'},
            "never_in_score: also birth_on, disability, ethnicity, health, household_register, marital_status",
        ),
        ("moments", {"counts_against_cap": "true"}, "counts_against_cap = false for a legal duty"),
        ("moments", {"owner_role": '"compliance"'}, "owner_role: one of"),
        ("moments", {"term": '"legal"'}, "for a legal duty, and for nothing else"),
        ("moments", {"term": '"window"'}, "left out for a window"),
        ("complaints", {"owner_role": '"admin"'}, "owner_role: one of"),
        ("suitability", {"remind_days_before": "[7, 30]"}, "falling"),
        ("suitability", {"risk_level": '"C2"'}, "matching: each level once"),
        ("features", {"days": "[90, 30]"}, "rising"),
        ("features", {"product_kinds": '["stock"]'}, "no product kind in two groups"),
        ("features", {"long_term_turnover_at_most": '"12.00"'}, "below short_term_turnover_at_least"),
        ("identity", {"code": '"same"'}, "no code twice"),
        ("identity", {"strength_share": '"0"'}, "above 0"),
        (
            "clients",
            {f"counts_{fact}": "false" for fact in ("trade", "product_holding", "cash_flow")},
            "at least one",
        ),
        ("clients", {"order": '["wish", "assets"]'}, "each of assets, contact, newest, open, wish once"),
    ],
)
def test_r230_values_that_do_not_fit_together_are_refused(
    pack_id: str, changes: dict[str, str], allowed: str, tmp_path: Path
) -> None:
    with pytest.raises(PackError) as fault:
        load_pack(own(tmp_path, pack_id, **changes))
    assert allowed in fault.value.allowed


def test_r230_the_version_is_a_hash_of_the_values_not_of_the_text(tmp_path: Path) -> None:
    default = load_pack(DEFAULTS / "clients.toml")
    same = tmp_path / "same.toml"
    text = (DEFAULTS / "clients.toml").read_text("utf-8")
    head, existing, dormancy = re.split(r"(?m)^(?=\[existing\]|\[dormancy\])", text)
    same.write_text(f"# another remark\n{head}{dormancy}\n{existing}".replace('"100.00"', '"100"'), "utf-8")
    other = load_pack(own(tmp_path, "clients", n_months_without_trade="37"))
    assert load_pack(same).sha256 == default.sha256
    assert other.sha256 != default.sha256
    assert default.version == f"1.1+{default.sha256[:12]}"


def test_r230_versions_name_every_pack_and_every_calendar_year_in_order() -> None:
    versions = load_packs(AS_OF).versions()
    assert list(versions) == sorted(versions)
    assert set(versions) == {*PACK_TYPES, *(f"calendar-cn-{year}" for year in range(2023, 2027))}
    assert versions == load_packs(AS_OF).versions()


def test_r230_money_is_exact() -> None:
    level = load_packs(AS_OF).grading.levels[0]
    assert isinstance(level.assets_at_least_amount, Decimal)
    assert str(level.assets_at_least_amount) == "3000000.00"
