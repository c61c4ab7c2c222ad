"""A made-up history in which clients were handed out with a bias that is known: to seniors, to friends, by the list.

The weights are those of the made-up firm (its §5): of a manager exp(.45 · (level − 3) · z of the assets + 1.5 for
who is acquainted − .15 · place in the branch's list), each part of it or none.
"""

import numpy as np
import pandas as pd

BRANCHES, MANAGERS, CLIENTS = 12, 8, 3600
PARTS = {"senior": 0.45, "friends": 1.5, "list": 0.15}
NEEDS = ("stock", "fund", "bond", "wealth", "margin", "education")
GRADES = ("strategic", "important", "regular", "basic")


def history(bias: str, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clients with the manager they have, and managers, where ``bias`` is one of PARTS or none."""
    rng = np.random.default_rng(seed)
    managers = staff(rng)
    z = rng.normal(size=CLIENTS)
    branch = rng.integers(BRANCHES, size=CLIENTS)
    friend = np.where(rng.random(CLIENTS) < 0.3, rng.integers(MANAGERS, size=CLIENTS), -1)
    level = managers["level"].to_numpy().reshape(BRANCHES, MANAGERS)[branch]
    weight = np.zeros((CLIENTS, MANAGERS))
    if bias == "senior":
        weight += PARTS["senior"] * (level - 3) * z[:, None]
    if bias == "friends":
        weight += PARTS["friends"] * (friend[:, None] == np.arange(MANAGERS))
    if bias == "list":
        weight -= PARTS["list"] * np.arange(MANAGERS)
    drawn = (weight + rng.gumbel(size=weight.shape)).argmax(axis=1)
    codes = managers["manager_code"].to_numpy().reshape(BRANCHES, MANAGERS)
    clients = pd.DataFrame(
        {
            "client_id": [f"C{number:05d}" for number in range(CLIENTS)],
            "branch_code": [f"B{number:02d}" for number in branch],
            "manager_code": codes[branch, drawn],
            "developer_code": np.where(friend >= 0, codes[branch, friend], None),
            "grade": [GRADES[place] for place in np.digitize(-z, (-2.0, -1.0, 0.5))],
            "needs": [
                f"{NEEDS[one]}:0.8 {NEEDS[other]}:0.3" for one, other in rng.integers(6, size=(CLIENTS, 2))
            ],
            "assets_amount": np.round(np.exp(11 + 1.5 * z), 2),
        }
    )
    return clients, managers


def staff(rng: np.random.Generator) -> pd.DataFrame:
    """Managers of all branches; levels and specialties in no order of the list."""
    n = BRANCHES * MANAGERS
    return pd.DataFrame(
        {
            "manager_code": [f"M{number:03d}" for number in range(n)],
            "branch_code": [f"B{number // MANAGERS:02d}" for number in range(n)],
            "level": rng.integers(1, 6, size=n),
            "satisfaction_score": np.round(rng.uniform(3, 5, size=n), 1),
            "specialties": [
                f"{NEEDS[one]}:0.9 {NEEDS[other]}:0.6" for one, other in rng.integers(6, size=(n, 2))
            ],
        }
    )
