"""Random numbers: known answers of Philox, inversion, permutations."""

import numpy as np
import pytest

from keepwell.engine.simulator.streams import known_answer, normals, permuted, uniforms

ONES = 2**32 - 1
PI = ("243f6a88", "85a308d3", "13198a2e", "03707344", "a4093822", "299f31d0")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([0] * 6, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([ONES] * 6, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ([int(word, 16) for word in PI], "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_known_answers_of_random123(words: list[int], answer: str) -> None:
    numbers = np.array(words, np.uint64)
    found = known_answer(numbers[:4], numbers[4:])
    assert " ".join(f"{int(word):08x}" for word in found) == answer


def test_normals_by_inversion_have_the_right_shape() -> None:
    who = np.arange(200_000)
    z = normals(3, who, 1, np.zeros(who.size, np.int64), 0)
    assert abs(z.mean()) < 0.01
    assert abs(z.std() - 1.0) < 0.01
    assert abs((z > 1.959964).mean() - 0.025) < 0.0012


def test_a_draw_depends_on_person_and_purpose_only() -> None:
    who, none = np.arange(1_000), np.zeros(1_000, np.int64)
    assert np.array_equal(uniforms(3, who[500:], 1, none[500:], 0), uniforms(3, who, 1, none, 0)[500:])
    assert not np.array_equal(uniforms(3, who, 2, none, 0), uniforms(3, who, 1, none, 0))
    assert not np.array_equal(uniforms(4, who, 1, none, 0), uniforms(3, who, 1, none, 0))


def test_record_numbers_are_a_permutation() -> None:
    numbers = permuted(3, 0, np.arange(100_000))
    assert np.unique(numbers).size == 100_000
    assert 0 <= numbers.min() <= numbers.max() < 2**32
    assert not np.array_equal(numbers, permuted(3, 1, np.arange(100_000)))
