"""Random numbers without state: Philox4x32-10, uniforms, and normals and counts by inversion.

A draw is a function of (person, purpose, serial, draw) and the seed, nothing else: any person can be generated
alone, in any order and in any number of threads. One purpose never shifts the draws of another.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from keepwell.engine.simulator.compiled import compiled, inlined

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ROOM = np.uint64(0x4B454550)  # second word of every key: "KEEP"
_UNIT = 1.0 / 4294967296.0


@inlined
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Ten rounds of Philox4x32 (Salmon et al. 2011); words of 32 bits held in 64."""
    for _ in range(10):
        a, b = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (b >> _HALF) ^ c1 ^ k0, b & _LOW, (a >> _HALF) ^ c3 ^ k1, a & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@inlined
def four(seed: int, who: int, purpose: int, serial: int, draw: int) -> tuple[float, float, float, float]:
    """Four independent uniforms in (0, 1) of one draw."""
    s = np.uint64(seed)
    a, b, c, d = philox(
        np.uint64(who) & _LOW,
        np.uint64(purpose) & _LOW,
        np.uint64(serial) & _LOW,
        np.uint64(draw) & _LOW,
        s & _LOW,
        (s >> _HALF) ^ _ROOM,
    )
    return (a + 0.5) * _UNIT, (b + 0.5) * _UNIT, (c + 0.5) * _UNIT, (d + 0.5) * _UNIT


@inlined
def uniform(seed: int, who: int, purpose: int, serial: int, draw: int) -> float:
    """One uniform in (0, 1)."""
    return four(seed, who, purpose, serial, draw)[0]


@inlined
def word(seed: int, who: int, purpose: int, serial: int) -> int:
    """A whole number of 62 random bits."""
    a, b, _, _ = four(seed, who, purpose, serial, 0)
    return (int(a * 2147483648.0) << 31) | int(b * 2147483648.0)


@inlined
def _tail(r: float) -> float:
    if r <= 5.0:
        r -= 1.6
        top = ((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
        top = (((top + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
        top = (top + 4.63033784615654529590) * r + 1.42343711074968357734
        low = ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 1.51986665636164571966e-2) * r
        low = (
            ((low + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940
        ) * r
        low = (low + 2.05319162663775882187) * r + 1.0
        return top / low
    r -= 5.0
    top = ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
    top = (
        ((top + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580
    ) * r
    top = (top + 5.46378491116411436990) * r + 6.65790464350110377720
    low = ((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
    low = (
        ((low + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
    ) * r
    low = (low + 5.99832206555887937690e-1) * r + 1.0
    return top / low


@inlined
def normal(u: float) -> float:
    """The standard normal quantile of u (Wichura 1988, AS 241, full double precision)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
        top = (
            ((top + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
        ) * r
        top = (top + 1.3314166789178437745e2) * r + 3.3871328727963666080
        low = ((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
        low = (
            ((low + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
        ) * r
        low = (low + 4.2313330701600911252e1) * r + 1.0
        return q * top / low
    r = u if q < 0.0 else 1.0 - u
    x = _tail(math.sqrt(-math.log(r)))
    return -x if q < 0.0 else x


@inlined
def cumulative(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@inlined
def logistic(x: float) -> float:
    """1 / (1 + exp(−x))."""
    return 1.0 / (1.0 + math.exp(-x))


@inlined
def poisson(u: float, mean: float, most: int) -> int:
    """The Poisson quantile of u, at most ``most``."""
    term = math.exp(-mean)
    total, k = term, 0
    while total < u and k < most:
        k += 1
        term *= mean / k
        total += term
    return k


@inlined
def geometric(u: float, mean: float, most: int) -> int:
    """The quantile of a geometric count 1, 2, ... with this mean, at most ``most``."""
    return min(1 + int(math.log(u) / math.log(1.0 - 1.0 / mean)), most)


@inlined
def student(u: float, v: float, freedom: int) -> float:
    """A t variate of unit variance: a normal over a Wilson-Hilferty chi-square quantile."""
    n = float(freedom)
    base = 1.0 - 2.0 / (9.0 * n) + normal(v) * math.sqrt(2.0 / (9.0 * n))
    spread = max(base, 0.05) ** 3
    return normal(u) / math.sqrt(spread) * math.sqrt((n - 2.0) / n)


@inlined
def feistel(seed: int, key: int, number: int) -> int:
    """A keyed permutation of 0 .. 2^32−1: six rounds of 16-bit halves."""
    left, right = (number >> 16) & 0xFFFF, number & 0xFFFF
    for turn in range(6):
        mixed = int(uniform(seed, right, 900 + key, turn, 0) * 65536.0)
        left, right = right, left ^ mixed
    return (left << 16) | right


@compiled
def permuted(seed: int, key: int, numbers: Integers) -> Integers:
    """``feistel`` of every number."""
    out = np.empty(numbers.size, np.int64)
    for i in range(numbers.size):
        out[i] = feistel(seed, key, numbers[i])
    return out


@compiled
def uniforms(seed: int, who: Integers, purpose: int, serial: Integers, draw: int) -> Floats:
    """One uniform a row."""
    out = np.empty(who.size, np.float64)
    for i in range(who.size):
        out[i] = uniform(seed, who[i], purpose, serial[i], draw)
    return out


@compiled
def normals(seed: int, who: Integers, purpose: int, serial: Integers, draw: int) -> Floats:
    """One standard normal a row."""
    out = np.empty(who.size, np.float64)
    for i in range(who.size):
        out[i] = normal(uniform(seed, who[i], purpose, serial[i], draw))
    return out


@compiled
def words(seed: int, who: Integers, purpose: int, serial: Integers) -> Integers:
    """62 random bits a row."""
    out = np.empty(who.size, np.int64)
    for i in range(who.size):
        out[i] = word(seed, who[i], purpose, serial[i])
    return out


@compiled
def known_answer(counter: NDArray[np.uint64], key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The four words of one block, for the Random123 known answers."""
    a, b, c, d = philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])
    return np.array([a, b, c, d], np.uint64)
