"""What is asked: candidates as edges, scores, use of resources, limits, current managers and a budget of switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Numbers = NDArray[Any]

RELATIVE = 1e-9
"""How far a load of fractions may stand over its limit, as a share of the limit: sums of binary fractions are not
exact. Loads of whole numbers have no such room."""


@dataclass(frozen=True, slots=True)
class Problem:
    """N clients, M managers, R resources and E edges, the edges of a client side by side.

    ``start`` (N+1) says where a client's edges begin; ``manager`` and ``score`` have shape (E,); ``use`` has shape
    (R, N), the same with whichever manager, or (R, E). ``lower`` and ``upper`` have shape (M, R) and may be infinite.
    ``current`` (N,) is a manager or -1; ``most_switches`` limits how many clients with a current manager leave it.
    """

    start: Longs
    manager: Ints
    score: Numbers
    use: Floats
    lower: Floats
    upper: Floats
    current: Ints
    most_switches: float = np.inf

    @property
    def n_clients(self) -> int:
        """How many clients."""
        return len(self.start) - 1

    @property
    def n_managers(self) -> int:
        """How many managers."""
        return self.lower.shape[0]

    @property
    def n_resources(self) -> int:
        """How many resources each manager has limits on."""
        return self.lower.shape[1]

    @property
    def is_per_edge(self) -> bool:
        """Whether use differs between the managers of one client."""
        return self.use.shape[1] != self.n_clients

    def client_of(self) -> Longs:
        """The client of each edge."""
        return np.repeat(np.arange(self.n_clients), np.diff(self.start))

    def room(self) -> Floats:
        """How far each row may stand over or under its limit, shape (M*R+1,); zero where use is whole."""
        whole = np.array([bool((row == np.rint(row)).all()) for row in self.use])
        ends = [np.where(np.isfinite(side), np.abs(side), 0.0) for side in (self.lower, self.upper)]
        room = np.where(whole, 0.0, RELATIVE * np.maximum(np.maximum(*ends), 1.0))
        return np.append(room.ravel(), 0.0)

    def ends(self) -> tuple[Floats, Floats]:
        """Lower and upper limits of all rows: manager by manager its resources, the switches last."""
        return (
            np.append(self.lower.ravel(), -np.inf),
            np.append(self.upper.ravel(), float(self.most_switches)),
        )


def is_whole(values: Numbers) -> bool:
    """Whether all values are whole numbers."""
    if values.dtype.kind in "iu":
        return True
    return all(
        bool((part == np.rint(part)).all()) for part in np.array_split(values, 1 + values.size // 10**6)
    )
