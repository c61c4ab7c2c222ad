"""R026: the questionnaire clients answer is signed, whole and typed; a slip in it is refused with its place."""

import datetime as dt
from pathlib import Path

import pytest

from keepwell.contract.codes import ClientKind, ProductKind, ProductLevel, RiskLevel
from keepwell.engine.simulator import assessments
from keepwell.policy.errors import PackError
from keepwell.policy.packs import DEFAULTS, load_pack, load_packs

PACKS = load_packs(dt.date(2026, 11, 20))
VERSION, *OF_ENTITIES = PACKS.questionnaires.versions


def own(folder: Path, pack_id: str, *changes: tuple[str, str]) -> Path:
    """A copy of a default pack with texts replaced, each where it stands first."""
    text = (DEFAULTS / f"{pack_id}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{pack_id}.toml"
    path.write_text(text, "utf-8")
    return path


def test_r026_twenty_questions_whose_marks_add_up_to_a_hundred() -> None:
    marks = [[one.mark for one in question.options] for question in VERSION.questions]
    assert len(marks) == 20
    assert (sum(map(max, marks)), sum(map(min, marks))) == (100, 10)
    assert [question.no for question in VERSION.questions if question.is_multiple] == [9, 12]


def test_r026_institutions_and_products_have_a_version_of_their_own_with_marks_up_to_a_hundred() -> None:
    assert [one.client_kinds for one in OF_ENTITIES] == [(ClientKind.COMPANY,), (ClientKind.PRODUCT,)]
    for version in OF_ENTITIES:
        marks = [[one.mark for one in question.options] for question in version.questions]
        assert sum(map(max, marks)) == 100
        assert (version.no_loss, version.pension, version.age) == (None, None, None)


def test_r026_of_persons_age_and_loss_are_asked(tmp_path: Path) -> None:
    path = own(tmp_path, "questionnaires", ('[versions.no_loss]\nquestion_no = 15\noptions = ["A"]\n', ""))
    with pytest.raises(PackError, match="no_loss and age: of persons both are asked"):
        load_pack(path)


def test_r026_every_question_and_option_is_told_in_both_languages() -> None:
    texts = [one.text for q in VERSION.questions for one in (q, *q.options)]
    assert len(texts) == 107
    assert all(any("一" <= sign <= "鿿" for sign in text.zh) for text in texts if "%" not in text.zh)
    assert all(text.en.isascii() for text in texts)


def test_r026_cut_points_are_those_of_the_version() -> None:
    assert [(cut.risk_level, cut.score_at_least) for cut in VERSION.cuts] == list(
        zip(RiskLevel, (0, 20, 40, 60, 80), strict=True)
    )


def test_r026_the_made_up_firm_answers_this_questionnaire() -> None:
    """Its options and marks are the pack's, so that what it declares follows from what was answered."""
    assert [one.code for one in PACKS.questionnaires.versions] == assessments.VERSIONS
    for question, row in zip(VERSION.questions, assessments.MARKS.tolist(), strict=True):
        assert [one.mark for one in question.options] == [mark for mark in row if mark >= 0]
    assert [cut.score_at_least for cut in VERSION.cuts] == assessments.CUTS[:-1].tolist()


def test_r026_the_made_up_firm_knows_which_answers_contradict_an_occupation() -> None:
    """Only its careless clients give them."""
    clashes = {(no + 1, "ABCDE"[option], frozenset(found)) for no, option, found in assessments.CLASHES}
    signed = {(one.question_no, *one.options, frozenset(one.occupations)) for one in VERSION.contradictions}
    assert clashes == signed


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "allowed"),
    [
        ("mark = 3,", "mark = 101,", "versions[0].questions[0].options[0].mark", "101", "at most 100"),
        ("mark = 3,", 'mark = "3",', "versions[0].questions[0].options[0].mark", "'3'", "a whole number"),
        ('option = "B", mark', 'option = "C", mark', "versions[0].questions[0]", "", "letters in order from A"),
        ("no = 2\n", "no = 3\n", "versions[0]", "", "numbered from 1"),
        ("score_at_least = 40", "score_at_least = 20", "versions[0]", "", "score_at_least rising"),
        ('risk_level = "C2"', 'risk_level = "C6"', "versions[0].cuts[1].risk_level", "'C6'", "one of C1, C2"),
        ("question_no = 15", "question_no = 21", "versions[0]", "", "no_loss: a question of this version"),
        ('section = "goals"', 'section = "hopes"', "versions[0].questions[10].section", "'hopes'", "one of fin"),
        ('occupations = ["une', 'occupations = ["pilot", "une', "versions[0].contradictions[1].occupations[0]",
         "'pilot'", "one of civil_servant"),
        ("in_use_from = 2017-07-01", "in_use_from = 2017-07-01\nin_use_to = 2017-07-01", "versions[0]", "",
         "in_use_to after in_use_from"),
    ],
)  # fmt: skip  # a slip a line
def test_r026_a_slip_names_file_key_value_and_what_is_allowed(
    old: str, new: str, key: str, found: str, allowed: str, tmp_path: Path
) -> None:
    path = own(tmp_path, "questionnaires", (old, new))
    with pytest.raises(PackError) as fault:
        load_pack(path)
    assert (fault.value.file, fault.value.key) == (str(path), key)
    assert found in fault.value.found
    assert allowed in fault.value.allowed


def test_r026_two_versions_of_one_code_are_refused(tmp_path: Path) -> None:
    text = (DEFAULTS / "questionnaires.toml").read_text("utf-8")
    path = tmp_path / "questionnaires.toml"
    path.write_text(text + text[text.index("[[versions]]") :], "utf-8")
    with pytest.raises(PackError, match="no code twice"):
        load_pack(path)


def test_r026_every_kind_of_product_stands_in_the_list() -> None:
    listed = PACKS.suitability.listed
    assert {kind for one in listed for kind in one.product_kinds} == set(ProductKind)
    plain = {
        kind: one.product_level_at_least for one in listed for kind in one.product_kinds if not one.markets
    }
    assert plain[ProductKind.B_STOCK] is ProductLevel.R3
    assert plain[ProductKind.WARRANT] is ProductLevel.R4


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ('product_kinds = ["warrant"]', 'product_kinds = ["stock"]', "listed: also an entry for warrant"),
        ('product_level_at_most = "R5"', 'product_level_at_most = "R3"', "never falls"),
        ("second_person_age = 70", "second_person_age = 59", "not below elderly_age"),
    ],
)
def test_r026_a_list_or_table_with_a_hole_is_refused(
    old: str, new: str, allowed: str, tmp_path: Path
) -> None:
    with pytest.raises(PackError) as fault:
        load_pack(own(tmp_path, "suitability", (old, new)))
    assert allowed in fault.value.allowed
