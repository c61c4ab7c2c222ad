"""What passes between staff and clients in a month: calls, the experiment, surveys, complaints (§6)."""

from __future__ import annotations

import math

from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import A_CHANGE
from keepwell.engine.simulator.compiled import inlined
from keepwell.engine.simulator.leaving import contacts60, fee_excess, loss90
from keepwell.engine.simulator.staff import S_BEFORE, S_LEFT, S_NOW, S_TAKEN
from keepwell.engine.simulator.streams import four, logistic, normal
from keepwell.engine.simulator.world import (
    ARM,
    COMPLAINT,
    CONTACT,
    LAST_COMPLAINT,
    LAST_CONTACT,
    LOSSES,
    RETAINED,
    SURVEY,
    TOUCHED,
    Life,
    Tape,
    World,
    put,
)

REACHED, NO_ANSWER, REFUSED, RESCHEDULED = range(4)
TOUCH, RETAIN, WELCOME = range(3)
ENQUIRY = 1


@inlined
def holder(w: World, i: int, day: int) -> int:
    """Who holds the client's book on a trading day; −1 while it is orphaned or the client has none."""
    seat = int(w.seat_of[i])
    if seat < 0:
        return -1
    on = int(w.on[min(day, w.on.size - 1)])
    if on < w.seats[seat, S_LEFT]:
        return int(w.seats[seat, S_BEFORE])
    return int(w.seats[seat, S_NOW]) if on >= w.seats[seat, S_TAKEN] else -1


@inlined
def fit(w: World, i: int, staff: int) -> float:
    """Match of the client with a holder of their seat, above the mean of the branch."""
    seat = int(w.seat_of[i])
    if staff < 0 or seat < 0:
        return 0.0
    return float(w.match[i, 0 if staff == w.seats[seat, S_NOW] else 1] - w.match[i, 2])


@inlined
def write_contact(
    w: World, t: Tape, i: int, day: int, staff: int, purpose: int, reached: bool, serial: int
) -> None:
    """One contact with channel, outcome, substance and length."""
    x = four(w.seed, w.first + i, purposes.TOUCH_HOW, serial, purpose)
    y = four(w.seed, w.first + i, purposes.TOUCH_HOW, serial, purpose + 8)
    channel, total = 0, w.talk[0].channel_shares[0]
    while channel < 3 and x[0] > total:
        channel += 1
        total += w.talk[0].channel_shares[channel]
    outcome = REACHED
    if not reached:
        outcome = NO_ANSWER if x[1] < 0.75 else (REFUSED if x[1] < 0.85 else RESCHEDULED)
    substance = 1 if reached and x[2] < w.talk[0].substance_share else 0
    minutes = 1 + int(-math.log(x[3]) * (25.0 if channel == 2 else 6.0)) if reached else 0
    row = put(t, CONTACT, i, day, 32_400 + int(y[0] * 30_000.0), staff, channel, outcome, substance)
    t.rows[row, 8], t.rows[row, 9] = min(minutes, 180), purpose
    t.rows[row, 10] = int(y[1] * 1_000_000.0)


@inlined
def _is_experiment(w: World, month: int) -> bool:
    found = False
    for one in w.talk[0].experiment_months:
        found = found or one == month
    return found


@inlined
def touch(
    w: World, s: Life, t: Tape, i: int, month: int, day: int, staff: int, live: bool, undecided: bool
) -> None:
    """The month's contact, if any; sets what the hazard needs to know of it."""
    x = four(w.seed, w.first + i, purposes.TOUCH, month, 0)
    s.memory[RETAINED], s.memory[ARM] = 0.0, -1.0
    day += int(x[3] * 21.0)
    if staff < 0 or day >= w.n_days:
        return
    if _is_experiment(w, month) and live and undecided:
        s.memory[ARM] = 1.0 if x[0] < w.talk[0].experiment_share else 0.0
        if s.memory[ARM] > 0.0:
            s.memory[RETAINED] = 1.0
            write_contact(w, t, i, day, staff, RETAIN, True, month)
        return
    score = (w.rows[i, who_is.LOG_ASSETS] - w.leave[0].log_assets_mean) / w.leave[0].log_assets_sd
    odds = w.talk[0].touch_base + w.talk[0].touch_assets * score + (0.0 if live else w.talk[0].touch_empty)
    if float(w.on[min(day, w.n_days - 1)]) - w.rows[i, who_is.OPENED] < 365.0:
        odds += w.talk[0].touch_first_year
    if x[0] >= logistic(odds):
        return
    reached = x[1] < w.talk[0].reached_share
    retain = reached and undecided and live and x[2] < w.talk[0].retain_share
    s.memory[RETAINED] = 1.0 if retain else (0.5 if reached else 0.0)
    write_contact(w, t, i, day, staff, RETAIN if retain else TOUCH, reached, month)


@inlined
def remember_touch(s: Life, month: int) -> None:
    """Moves the month's contact into what is remembered."""
    m = s.memory
    m[TOUCHED + 2], m[TOUCHED + 1] = m[TOUCHED + 1], m[TOUCHED]
    m[TOUCHED] = 1.0 if m[RETAINED] > 0.0 else 0.0
    if m[RETAINED] > 0.0:
        m[LAST_CONTACT] = month


@inlined
def satisfaction(w: World, s: Life, i: int, month: int, gamma: float, match: float) -> float:
    """S of the month, whether it is asked for or not."""
    c, z = w.talk[0], normal(four(w.seed, w.first + i, purposes.SURVEY, month, 0)[0])
    f = fee_excess(w, int(w.account_range[i, 0]), month * 21)
    out = c.satisfaction_base + c.satisfaction_match * match + c.satisfaction_manager * gamma
    out += c.satisfaction_fee * f * w.rows[i, who_is.PRICE] + c.satisfaction_loss * loss90(s)
    if month - s.memory[LAST_COMPLAINT] <= 3.0:
        out += c.satisfaction_complaint
    return out + c.satisfaction_sd * z


@inlined
def survey(w: World, t: Tape, i: int, month: int, level: float, staff: int) -> None:
    """Twice a year clients are asked; the very content and the very cross answer more often."""
    if month % 6 != 5:
        return
    x = four(w.seed, w.first + i, purposes.SURVEY, month, 1)
    odds = w.talk[0].answer_base + w.talk[0].answer_extreme * abs(level - w.talk[0].satisfaction_base)
    odds += w.talk[0].answer_digital * w.rows[i, who_is.DIGITAL] + (
        w.talk[0].answer_delight if level > 4.5 else 0.0
    )
    day = month * 21 + int(x[1] * 21.0)
    if x[0] < logistic(odds) and day < w.n_days:
        put(t, SURVEY, i, day, 0, min(max(int(level + 0.5), 1), 5), staff, 0, 0)


@inlined
def complain(w: World, s: Life, t: Tape, i: int, month: int, gamma: float, staff: int) -> None:
    """Complaints and enquiries of the month."""
    x = four(w.seed, w.first + i, purposes.COMPLAINT, month, 0)
    y = four(w.seed, w.first + i, purposes.COMPLAINT, month, 1)
    account, day = int(w.account_range[i, 0]), month * 21 + int(x[2] * 21.0)
    raised = w.accounts[account, A_CHANGE] <= month * 21 and fee_excess(w, account, month * 21) > 0.05
    rate = (
        w.talk[0].complaint_yearly
        / 12.0
        * math.exp(
            (w.talk[0].complaint_fee if raised else 0.0)
            + w.talk[0].complaint_manager * gamma
            + (w.talk[0].complaint_streak if s.memory[LOSSES] >= 3.0 else 0.0)
        )
    )
    if day >= w.n_days:
        return
    takes = 61 + int(y[1] * 40.0) if y[0] < w.talk[0].late_share else 3 + int(y[1] * 50.0)
    second = 32_400 + int(y[2] * 30_000.0)
    if x[0] < rate:
        topic = 0 if raised and x[3] < 0.6 else int(x[3] * 6.0)
        row = put(t, COMPLAINT, i, day, second, 0, topic, staff if topic in (1, 4) else -1, takes)
        t.rows[row, 8] = int(y[3] * 1_000_000.0)
        s.memory[LAST_COMPLAINT] = month
    elif x[1] < w.talk[0].enquiry_yearly / 12.0:
        row = put(t, COMPLAINT, i, day, second, ENQUIRY, int(x[3] * 6.0), -1, min(takes, 10))
        t.rows[row, 8] = int(y[3] * 1_000_000.0)


@inlined
def recent(s: Life) -> float:
    """Contacts of 60 days with this month's."""
    return contacts60(s) + (1.0 if s.memory[RETAINED] > 0.0 else 0.0)
