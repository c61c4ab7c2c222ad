"""R026: the letter of the result is a file with its glyphs in it, the same bytes whenever it is made."""

import io
import re
from typing import Any

import pytest
from django.utils import timezone, translation
from pypdf import PdfReader

from keepwell.desk.forms import answering, printing
from keepwell.desk.forms.models import Form
from keepwell.policy.packs import Packs, load_packs
from tests import morning
from tests.desk.forms.sheets import answer_all, form_of

PACKS: Packs = load_packs(morning.now().date())
FIRM = printing.Sender("示例证券", "许可证 演示000000", "400-000-0000")
pytestmark = pytest.mark.django_db


def handed_in(letter: str = "C", **facts: Any) -> Form:
    form, _code = form_of(client_name="欧阳犇龘", **facts)
    answer_all(form, letter)
    assert answering.hand_in(form=form, packs=PACKS, device="d", at=timezone.now()) is None
    form.refresh_from_db()
    return form


def read(made: bytes) -> str:
    """The text of a file, without the breaks of its lines."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages))


def printed(form: Form, language: str = "zh-hans", sender: printing.Sender = FIRM) -> bytes:
    with translation.override(language):
        return printing.pdf(form, PACKS, sender)


def test_r026_the_letter_says_all_that_the_rules_ask_for() -> None:
    form = handed_in()
    told = read(printed(form))
    for said in (
        "风险承受能力评估结果告知函", "欧阳犇龘", "10000001", "C4", "62分", "60–79", "双方各执一份", "客户签名",
        "示例证券", "演示000000", "400-000-0000", "12386", f"测评{form.pk}",
    ):  # fmt: skip
        assert said in told, said


def test_r026_the_letter_in_english_keeps_the_clients_name() -> None:
    told = read(printed(handed_in(), "en"))
    assert "Letterontheresultoftheriskassessment" in told
    assert "欧阳犇龘" in told


def test_r026_a_client_without_tolerance_for_loss_reads_so() -> None:
    told = read(printed(handed_in("A")))
    assert "最低类别" in told


def test_r026_the_same_letter_is_the_same_bytes() -> None:
    form = handed_in()
    assert printed(form) == printed(form)
    assert printed(form) != printed(form, sender=printing.Sender("另一家证券"))


def test_r026_each_font_stands_in_the_file() -> None:
    page: Any = PdfReader(io.BytesIO(printed(handed_in()))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    held = [one["/DescendantFonts"][0].get_object()["/FontDescriptor"] for one in fonts]
    assert held
    assert all(any(name.startswith("/FontFile") for name in one) for one in held)


def test_r026_a_name_is_text_and_never_markup() -> None:
    form = handed_in()
    form.client_name = "#panic() *甲* $x$ \\ @乙"
    assert "#panic()*甲*$x$\\@乙" in read(printed(form))


def test_r026_without_a_chinese_font_no_letter_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_family", str)
    assert not printing.can_print()
    with pytest.raises(printing.NoFont, match="Noto Sans CJK SC"):
        printed(handed_in())
