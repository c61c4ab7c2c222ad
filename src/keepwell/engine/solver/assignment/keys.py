"""An order of clients and managers that does not hang on the order in which they were listed.

Each gets a number made of what is known of it; sums of mixed words (wrapping, so order-free) over its edges. Clients
alike in everything are numbered as listed and get words of their own, so that a sample by words takes a fair part of
them, not all or none. Mixing: splitmix64 (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from keepwell.engine.solver.assignment.problem import Floats, Ints, Longs, Numbers, Problem

Words = NDArray[np.uint64]
FEW = 300_000
"""Questions with more edges tell clients and managers apart at a look at each edge less."""
Word = Any
"""A number of 64 bits without a sign, which Python has no type for."""


def order(problem: Problem) -> tuple[Longs, Longs, Words]:
    """Clients in order, managers in order, and the clients' words by which they were ordered."""
    use = np.ascontiguousarray(problem.use)
    managers = _rows(np.ascontiguousarray(np.concatenate([problem.lower, problem.upper], axis=1)))
    asked = (problem.start, problem.manager, problem.score, use, problem.is_per_edge, problem.current)
    for _ in range(2 if len(problem.manager) <= FEW else 1):
        managers = _manager_words(*asked, _client_words(*asked, managers), managers)
    clients, word = _apart(_client_words(*asked, managers))
    return clients, np.argsort(managers, kind="stable"), word


def _apart(word: Words) -> tuple[Longs, Words]:
    """Clients in the order of their words, and the words with those of one kind told apart by their number in it."""
    clients = np.argsort(word, kind="stable")
    rising = word[clients]
    is_first = np.append(True, rising[1:] != rising[:-1])
    if is_first.all():
        return clients, word
    place = np.arange(len(word))
    number = place - np.maximum.accumulate(np.where(is_first, place, 0))
    apart = np.empty_like(word)
    apart[clients] = _numbered(rising, number)
    return np.argsort(apart, kind="stable"), apart


@njit(cache=True)
def _numbered(word: Words, number: Longs) -> Words:
    told = word.copy()
    for place in range(word.shape[0]):
        if number[place] > 0:
            told[place] = mixed(word[place] + np.uint64(number[place]))
    return told


@njit(cache=True)
def mixed(word: Word) -> Word:
    """A word whose bits hang on all bits of another."""
    z: Word = np.uint64(word) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _word(value: float) -> Word:
    """A number as a word: fractions to the millionth, which is enough to tell most clients apart."""
    return (
        np.uint64(np.int64(value * 1048576.0)) if abs(value) < 8e12 else np.uint64(np.int64(min(value, 9e18)))
    )


@njit(cache=True)
def _rows(values: Floats) -> Words:
    words = np.zeros(values.shape[0], dtype=np.uint64)
    for m in range(values.shape[0]):
        for c in range(values.shape[1]):
            words[m] = mixed(words[m] + _word(values[m, c]))
    return words


@njit(cache=True)
def _edge_word(score: Numbers, use: Floats, is_per_edge: bool, e: int) -> Word:
    word = mixed(_word(score[e]))
    if is_per_edge:
        for r in range(use.shape[0]):
            word = mixed(word + _word(use[r, e]))
    return word


@njit(cache=True)
def _client_words(
    start: Longs,
    manager: Ints,
    score: Numbers,
    use: Floats,
    is_per_edge: bool,
    current: Ints,
    managers: Words,
) -> Words:
    words = np.zeros(start.shape[0] - 1, dtype=np.uint64)
    for i in range(words.shape[0]):
        total = np.uint64(0)
        for e in range(start[i], start[i + 1]):
            total += mixed(_edge_word(score, use, is_per_edge, e) + managers[manager[e]])
        if not is_per_edge:
            for r in range(use.shape[0]):
                total = mixed(total + _word(use[r, i]))
        words[i] = mixed(total + (managers[current[i]] if current[i] >= 0 else np.uint64(1)))
    return words


@njit(cache=True)
def _manager_words(
    start: Longs, manager: Ints, score: Numbers, use: Floats, is_per_edge: bool, current: Ints,
    clients: Words, managers: Words,
) -> Words:  # fmt: skip
    totals = np.zeros_like(managers)
    for i in range(start.shape[0] - 1):
        for e in range(start[i], start[i + 1]):
            totals[manager[e]] += mixed(_edge_word(score, use, is_per_edge, e) + clients[i])
        if current[i] >= 0:
            totals[current[i]] += mixed(clients[i])
    for m in range(managers.shape[0]):
        totals[m] = mixed(totals[m] + managers[m])
    return totals
