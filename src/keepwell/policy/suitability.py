"""Packs about suitability: declared levels, products' list, what matches, who needs more care; the questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated

from keepwell.contract.codes import ClientKind, Market, Occupation, ProductKind, ProductLevel, RiskLevel
from keepwell.contract.schema import Text
from keepwell.contract.suitable import ProfessionalBasis, QuestionSection, RiskFactor
from keepwell.policy.bounds import Amount, Days, DaysFromZero, Months, Positive, Share
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack

LETTERS = "ABCDEFGH"
TIMES_IN_ALL = 20

Letter = Annotated[str, AtMost(1)]
Letters = Annotated[tuple[Letter, ...], AtLeast(1)]
Number = Annotated[int, AtLeast(1), AtMost(60)]
Mark = Annotated[int, AtLeast(0), AtMost(100)]
Age = Annotated[int, AtLeast(1), AtMost(150)]


@dataclass(frozen=True)
class Questionnaire:
    """How long an assessment holds and when its end is announced, in natural days before it."""

    valid_months: Months
    remind_days_before: Annotated[tuple[Days, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        if list(self.remind_days_before) != sorted(set(self.remind_days_before), reverse=True):
            raise ValueError("remind_days_before: falling, no day twice")


@dataclass(frozen=True)
class LowestClass:
    """The lowest class (风险承受能力最低类别): natural persons of the lowest level by age or by declaration."""

    risk_level: RiskLevel
    adult_age: Annotated[int, AtLeast(1), AtMost(30)]
    product_level_at_most: ProductLevel


@dataclass(frozen=True)
class Retest:
    """How often a questionnaire may be answered, and which jump is flagged."""

    n_per_day_at_most: Positive
    n_per_30_days_at_most: Positive
    jump_levels: Annotated[int, AtLeast(1), AtMost(4)]
    jump_window_days: Days


@dataclass(frozen=True)
class Links:
    """How long a link to the questionnaire holds, how often who opens it may fail to say who they are, and how long
    an answered check of that holds without another step.
    """

    valid_days: Days
    attempts_at_most: Positive
    idle_minutes: Positive


@dataclass(frozen=True)
class Matching:
    """Up to which level products match clients of a level; the lowest class has a bound of its own."""

    risk_level: RiskLevel
    product_level_at_most: ProductLevel


@dataclass(frozen=True)
class Terms:
    """Kinds of product whose money is bound until a day; any other kind can be left on any day."""

    bound_kinds: Annotated[tuple[ProductKind, ...], AtLeast(1)]


@dataclass(frozen=True)
class Listed:
    """One entry of the products' name list (名录): a product it covers may not be graded below its level.

    Without ``markets``, ``code_begins`` or ``name_begins`` an entry covers the whole kind.
    """

    item: Text
    product_kinds: Annotated[tuple[ProductKind, ...], AtLeast(1)]
    product_level_at_least: ProductLevel
    markets: tuple[Market, ...] = ()
    code_begins: tuple[Annotated[str, AtMost(24)], ...] = ()
    name_begins: tuple[Annotated[str, AtMost(24)], ...] = ()


@dataclass(frozen=True)
class Vulnerable:
    """Who needs more care: by age, by holdings in one product, by what the money is for."""

    elderly_age: Age
    second_person_age: Age
    largest_holding_above_share: Share

    def __post_init__(self) -> None:
        if self.second_person_age < self.elderly_age:
            raise ValueError(f"second_person_age not below elderly_age, {self.elderly_age}")


@dataclass(frozen=True)
class HighRisk:
    """From which level on a product is of high risk, and how long an ordinary investor may consider it (Art. 20)."""

    product_level_at_least: ProductLevel
    n_hours_to_consider: Annotated[int, AtLeast(1), AtMost(240)]


@dataclass(frozen=True)
class Bar:
    """What evidence must reach on one ground: net assets, and financial assets or else income, and experience.

    A profession that the rule names stands for the years of experience where it says so.
    """

    basis: ProfessionalBasis
    client_kinds: Annotated[tuple[ClientKind, ...], AtLeast(1)]
    financial_assets_at_least_amount: Amount
    n_years_at_least: Annotated[int, AtLeast(0), AtMost(20)]
    net_assets_at_least_amount: Amount | None = None
    yearly_income_at_least_amount: Amount | None = None
    is_profession_enough: bool = False


@dataclass(frozen=True)
class Professional:
    """Who is professional: for how long evidence holds, what it must reach, whether the three tests are asked too."""

    is_matched: bool
    evidence_months: Months
    bars: Annotated[tuple[Bar, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        names = [(one.basis, kind) for one in self.bars for kind in one.client_kinds]
        if len(set(names)) != len(names):
            raise ValueError("bars: no ground twice for one kind of client")


@dataclass(frozen=True)
class Weight:
    """How much one of the ten factors counts; a product's mark from 1 to 5 is taken so many times."""

    risk_factor: RiskFactor
    times: Annotated[int, AtLeast(1), AtMost(11)]


@dataclass(frozen=True)
class LevelCut:
    """From which score on the factors make a level."""

    product_level: ProductLevel
    score_at_least: Mark


@dataclass(frozen=True)
class Factors:
    """The ten factors of product levels (Art. 16): weights that add up to 20, so that scores lie from 20 to 100."""

    weights: tuple[Weight, ...]
    cuts: tuple[LevelCut, ...]

    def __post_init__(self) -> None:
        if [one.risk_factor for one in self.weights] != list(RiskFactor):
            raise ValueError("weights: each factor once, in order: " + ", ".join(RiskFactor))
        if sum(one.times for one in self.weights) != TIMES_IN_ALL:
            raise ValueError(f"weights: times that add up to {TIMES_IN_ALL}")
        if [one.product_level for one in self.cuts] != list(ProductLevel):
            raise ValueError("cuts: each level once, in order: " + ", ".join(ProductLevel))
        if any(low.score_at_least >= high.score_at_least for low, high in pairwise(self.cuts)):
            raise ValueError("cuts: score_at_least rising")


@dataclass(frozen=True)
class Suitability(Pack):
    """Declared risk levels: validity, reminders, lowest class, products' list, what matches, repeated tests, care."""

    questionnaire: Questionnaire
    lowest_class: LowestClass
    matching: tuple[Matching, ...]
    terms: Terms
    retest: Retest
    links: Links
    listed: Annotated[tuple[Listed, ...], AtLeast(1)]
    vulnerable: Vulnerable
    high_risk: HighRisk
    professional: Professional
    factors: Factors

    def __post_init__(self) -> None:
        super().__post_init__()
        if [row.risk_level for row in self.matching] != list(RiskLevel):
            raise ValueError("matching: each level once, in order: " + ", ".join(RiskLevel))
        ranks = list(ProductLevel)
        bounds = [ranks.index(row.product_level_at_most) for row in self.matching]
        if bounds != sorted(bounds):
            raise ValueError("matching: product_level_at_most never falls from a level to the next")
        missing = set(ProductKind) - {kind for one in self.listed for kind in one.product_kinds}
        if missing:
            raise ValueError("listed: also an entry for " + ", ".join(sorted(missing)))


@dataclass(frozen=True)
class Option:
    """One answer of a question: its letter, what it counts, its words."""

    option: Letter
    mark: Mark
    text: Text


@dataclass(frozen=True)
class Question:
    """One question; of a question with several choices the option with the highest mark counts."""

    no: Number
    section: QuestionSection
    is_multiple: bool
    text: Text
    options: Annotated[tuple[Option, ...], AtLeast(2), AtMost(8)]

    def __post_init__(self) -> None:
        if self.letters != LETTERS[: len(self.options)]:
            raise ValueError(f"options of question {self.no}: letters in order from A")

    @property
    def letters(self) -> str:
        """The letters of its options, in order."""
        return "".join(one.option for one in self.options)


@dataclass(frozen=True)
class Cut:
    """From which score on an assessment gives a level."""

    risk_level: RiskLevel
    score_at_least: Mark


@dataclass(frozen=True)
class Chosen:
    """Answers of one question that mean something by themselves."""

    question_no: Number
    options: Letters


@dataclass(frozen=True)
class Band:
    """The ages an answer stands for, both ends included."""

    option: Letter
    at_least: Age
    at_most: Age


@dataclass(frozen=True)
class AgeAnswer:
    """The question that asks the age, which the date of birth knows."""

    question_no: Number
    bands: Annotated[tuple[Band, ...], AtLeast(1)]


@dataclass(frozen=True)
class Span:
    """For how many days money is not needed; without a number there is no limit."""

    option: Letter
    days_at_most: DaysFromZero | None = None


@dataclass(frozen=True)
class TermAnswer:
    """The question that asks how long the money is not needed."""

    question_no: Number
    spans: Annotated[tuple[Span, ...], AtLeast(1)]


@dataclass(frozen=True)
class Cover:
    """Which kinds of product an answer covers."""

    option: Letter
    product_kinds: Annotated[tuple[ProductKind, ...], AtLeast(1)]


@dataclass(frozen=True)
class KindAnswer:
    """The question that asks in which kinds the client wants to invest."""

    question_no: Number
    covers: Annotated[tuple[Cover, ...], AtLeast(1)]


@dataclass(frozen=True)
class Contradiction:
    """Answers that do not go with a known occupation."""

    question_no: Number
    options: Letters
    occupations: Annotated[tuple[Occupation, ...], AtLeast(1)]


@dataclass(frozen=True)
class Version:
    """One questionnaire as it was put to clients between two days, the second not included.

    What it says of age, old age and unwillingness to lose is asked of persons alone.
    """

    code: Annotated[str, AtMost(16)]
    title: Text
    client_kinds: Annotated[tuple[ClientKind, ...], AtLeast(1)]
    in_use_from: date
    cuts: tuple[Cut, ...]
    questions: Annotated[tuple[Question, ...], AtLeast(1)]
    term: TermAnswer
    kinds: KindAnswer
    contradictions: tuple[Contradiction, ...] = ()
    no_loss: Chosen | None = None
    pension: Chosen | None = None
    age: AgeAnswer | None = None
    in_use_to: date | None = None

    def __post_init__(self) -> None:
        if self.in_use_to is not None and self.in_use_to <= self.in_use_from:
            raise ValueError(f"in_use_to after in_use_from, {self.in_use_from}")
        if [one.no for one in self.questions] != list(range(1, len(self.questions) + 1)):
            raise ValueError("questions: numbered from 1, none left out")
        if [cut.risk_level for cut in self.cuts] != list(RiskLevel) or self.cuts[0].score_at_least:
            raise ValueError("cuts: each level once, in order, the first from 0: " + ", ".join(RiskLevel))
        if any(low.score_at_least >= high.score_at_least for low, high in pairwise(self.cuts)):
            raise ValueError("cuts: score_at_least rising")
        if ClientKind.PERSON in self.client_kinds and not (self.no_loss and self.age):
            raise ValueError("no_loss and age: of persons both are asked, for the lowest class hangs on them")
        for name, number, letters in self._named():
            if number > len(self.questions) or not set(letters) <= set(self.questions[number - 1].letters):
                raise ValueError(f"{name}: a question of this version and options of it")

    def _named(self) -> list[tuple[str, int, list[str]]]:
        """What the version says about single answers: section, question and letters."""
        of_persons = (("no_loss", self.no_loss), ("pension", self.pension))
        age = [("age", self.age.question_no, [one.option for one in self.age.bands])] if self.age else []
        return [
            *((name, one.question_no, list(one.options)) for name, one in of_persons if one),
            *age,
            ("term", self.term.question_no, [one.option for one in self.term.spans]),
            ("kinds", self.kinds.question_no, [one.option for one in self.kinds.covers]),
            *(("contradictions", one.question_no, list(one.options)) for one in self.contradictions),
        ]


@dataclass(frozen=True)
class Questionnaires(Pack):
    """All versions clients have answered; an assessment is read by its own version, never by another."""

    versions: Annotated[tuple[Version, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        names = [(kind, one.code) for one in self.versions for kind in one.client_kinds]
        if len(set(names)) != len(names):
            raise ValueError("versions: no code twice for one kind of client")
