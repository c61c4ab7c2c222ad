"""What is planted in lives, beside what people do by themselves: an act on a day, shifting no other draw."""

from __future__ import annotations

from keepwell.engine.simulator.books import OUT, account_value, buy, move
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.orders import APP, raise_cash
from keepwell.engine.simulator.world import COMPLAINT, LAST_COMPLAINT, Life, Tape, World, put

# kinds of act with their two numbers: buy a product for a share of the account (product, ppm); sell until a share of
# it is cash (ppm); move a share of it to the bank (ppm); complain (staff number, topic)
BUYS, SELLS, MOVES, COMPLAINS = range(4)
_TAKES_DAYS = 20
_MORNING = 34_500


@inlined
def _act(w: World, s: Life, t: Tape, k: int) -> None:
    """Does the act in row ``k`` in the main account."""
    i, day, kind = int(w.acts[k, 0]), int(w.acts[k, 1]), int(w.acts[k, 2])
    account, value = int(w.account_range[i, 0]), account_value(w, s, 0, day)
    if kind == COMPLAINS:
        row = put(t, COMPLAINT, i, day, _MORNING, 0, int(w.acts[k, 4]), int(w.acts[k, 3]), _TAKES_DAYS)
        t.rows[row, 8] = 500_000
        s.memory[LAST_COMPLAINT] = day // 21
        return
    share = int(w.acts[k, 4 if kind == BUYS else 3])
    fen = value * share // 1_000_000
    if kind == MOVES:
        move(s, t, 0, account, OUT, fen, (day, _MORNING, APP * 4 + 1))
        return
    raise_cash(w, s, t, i, 0, day, fen + fen // 100 + 1_000, False)
    if kind == BUYS:
        p = int(w.acts[k, 3])
        buy(w, s, t, 0, account, p, fen, int(w.price[p, day]), (day, 52_200, APP * 4 + 1))


@inlined
def do_acts(w: World, s: Life, t: Tape, i: int, day: int) -> None:
    """Whatever is planted for a person on a day, before whatever else happens on it."""
    for k in range(w.acts.shape[0]):
        if w.acts[k, 0] == i and w.acts[k, 1] == day:
            _act(w, s, t, k)
