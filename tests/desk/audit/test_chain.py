"""R231: whatever is done to a sealed log, the check sees it."""

from hypothesis import given
from hypothesis import strategies as st

from keepwell.desk.audit.chain import (
    START,
    Finding,
    Head,
    Link,
    check,
    check_heads,
    digest,
    extend,
    is_signed,
    sign,
)

BEGIN = Head(0, START)
ids = st.lists(st.integers(1, 10**6), min_size=1, max_size=30, unique=True)


def entries_of(numbers: list[int]) -> dict[int, tuple[str, str]]:
    return {number: (digest({"n": number}),) * 2 for number in numbers}


def links_of(numbers: list[int]) -> list[Link]:
    return extend(BEGIN, [(number, digest({"n": number})) for number in numbers])


@given(ids)
def test_an_untouched_chain_is_whole(numbers: list[int]) -> None:
    assert check(links_of(numbers), entries_of(numbers), BEGIN) == []


@given(ids, st.data())
def test_an_altered_entry_is_named(numbers: list[int], data: st.DataObject) -> None:
    victim = data.draw(st.sampled_from(numbers))
    entries = entries_of(numbers)
    entries[victim] = (entries[victim][0], digest({"n": "other"}))
    assert Finding("altered", numbers.index(victim) + 1, victim) in check(links_of(numbers), entries, BEGIN)


@given(ids, st.data())
def test_an_entry_altered_together_with_its_own_hash_breaks_the_chain(
    numbers: list[int], data: st.DataObject
) -> None:
    victim = data.draw(st.sampled_from(numbers))
    entries = entries_of(numbers) | {victim: (digest({"n": "other"}),) * 2}
    assert Finding("broken", numbers.index(victim) + 1, victim) in check(links_of(numbers), entries, BEGIN)


@given(ids, st.data())
def test_a_removed_entry_is_named(numbers: list[int], data: st.DataObject) -> None:
    victim = data.draw(st.sampled_from(numbers))
    entries = entries_of(numbers)
    del entries[victim]
    assert Finding("removed", numbers.index(victim) + 1, victim) in check(links_of(numbers), entries, BEGIN)


@given(ids.filter(lambda numbers: len(numbers) > 1), st.data())
def test_a_link_taken_out_of_the_middle_is_named(numbers: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(numbers) - 2))
    links = links_of(numbers)
    gap = links[:at] + links[at + 1 :]
    assert Finding("removed", at + 1) in check(gap, entries_of(numbers), BEGIN)


@given(ids, st.data())
def test_an_end_cut_off_is_told_by_the_signed_head(numbers: list[int], data: st.DataObject) -> None:
    links = links_of(numbers)
    kept = links[: data.draw(st.integers(0, len(links) - 1))]
    head = Head(links[-1].position, links[-1].hash)
    hash_at = {link.position: link.hash for link in kept}
    assert check_heads([head], hash_at) == [Finding("cut_off", head.position)]


@given(ids, ids)
def test_sealing_in_two_goes_is_sealing_in_one(first: list[int], second: list[int]) -> None:
    later = [number + 10**6 for number in second]
    whole = links_of(first + later)
    last = links_of(first)[-1]
    rest = extend(Head(last.position, last.hash), [(number, digest({"n": number})) for number in later])
    assert links_of(first) + rest == whole


@given(st.integers(1, 10**9), st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_a_signature_holds_for_its_head_its_stream_and_its_key_alone(position: int, value: str) -> None:
    head, at = Head(position, value), "2026-11-20T18:00:00+00:00"
    signature = sign(head, "firm", at, "key")
    assert is_signed(head, "firm", at, "key", signature)
    assert not is_signed(Head(position + 1, value), "firm", at, "key", signature)
    assert not is_signed(head, "aml", at, "key", signature)
    assert not is_signed(head, "firm", at, "another", signature)
