"""What is wrong in the records of a person: drawn per record, so that truth can tell it (§8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import R_FIFTEEN, R_K, R_PERSON
from keepwell.engine.simulator.block import Block
from keepwell.engine.simulator.emit import Mask
from keepwell.engine.simulator.firm import Noise
from keepwell.engine.simulator.streams import Integers, uniforms


class Errors(NamedTuple):
    """Per record: whether or how a field departs from the truth. ``address``: 1 other form, 2 other place."""

    phone_outdated: Mask
    hotline: Mask
    address: Integers
    occupation: Mask
    risk: Mask
    name: Integers
    id_missing: Mask
    id_fifteen: Mask
    id_bad_digit: Mask
    id_placeholder: Mask
    id_expired: Mask


def record_errors(noise: Noise, seed: int, block: Block) -> Errors:
    """The errors of each record of a block; the first record of a person has only those that come with no second."""
    k = block.records[:, R_K]
    person = block.first + block.records[:, R_PERSON]
    human = block.rows[block.records[:, R_PERSON], who_is.KIND] == 0
    extra = (k > 0) & human

    def u(draw: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return uniforms(seed, person, purposes.NOISE, k, draw)

    differs = extra & (u(1) < noise.address_differs)
    form = u(2) < noise.address_format_only / noise.address_differs
    kind = 1 + np.floor(u(6) * 4.0).astype(np.int64)
    return Errors(
        extra & (u(0) < noise.phone_outdated),
        human & (u(3) < noise.hotline_phone),
        np.where(differs, np.where(form, 1, 2), 0),
        extra & (u(4) < noise.occupation_conflicts),
        extra & (u(5) < noise.risk_differs),
        np.where(
            extra & (u(12) < noise.other_name), 5, np.where(extra & (u(7) < noise.name_variant), kind, 0)
        ),
        extra & (u(8) < noise.id_missing),
        block.records[:, R_FIFTEEN] > 0,
        extra & (u(9) < noise.id_bad_digit),
        human & (u(10) < noise.placeholder_id),
        extra & (u(11) < noise.id_expired),
    )
