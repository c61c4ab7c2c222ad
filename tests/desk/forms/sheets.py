"""Forms and answers as tests make them."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from keepwell.contract.codes import ClientKind
from keepwell.desk.forms import codes
from keepwell.desk.forms.models import Answer, Form
from keepwell.policy.answers import version_in_use
from keepwell.policy.packs import load_packs

_found = version_in_use(
    load_packs(dt.date(2026, 11, 23)).questionnaires, ClientKind.PERSON, dt.date(2026, 11, 23)
)
assert _found is not None
VERSION = _found
PHONE = "13812348000"
MIDDLE = "1234"


def form_of(client_id: str = "C1", **facts: Any) -> tuple[Form, str]:
    """A form and the code of its link."""
    code, at = codes.new_code(), timezone.now()
    given = {
        "way": "own_device", "version": VERSION.code, "client_kind": "person", "client_name": "张伟",
        "record_code": "10000001", "proof_kind": "phone",
        "proofs": codes.proof_of(phone=PHONE, document="").hashes, "asked_by_name": "周敏", "asked_at": at,
        "expires_at": at + dt.timedelta(days=3),
    }  # fmt: skip
    return Form.objects.create(code_hash=codes.hash_of(code), client_id=client_id, **{**given, **facts}), code


def answer_all(form: Form, letter: str, but: Collection[int] = ()) -> None:
    """Each question with one letter."""
    numbers = [one.no for one in VERSION.questions if one.no not in but]
    Answer.objects.bulk_create(Answer(form=form, question_no=no, letters=letter) for no in numbers)
