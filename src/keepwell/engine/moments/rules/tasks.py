"""Which occasions are one task: two rules speak of one and the same going away."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import MomentRule
from keepwell.engine import frames
from keepwell.engine.moments.rules.settled import CLOSING
from keepwell.policy.packs import Packs

# Money that leaves and a client inclined to leave are one conversation, and one contact against the cap.
GOING = (MomentRule.LARGE_OUTFLOW, MomentRule.LEAVING)
TASK = ["client_id", "task_rule", "task_occasion"]
OF_TASK = ("task_rule", "task_occasion")


def joined(new: Any, before: Any, outcomes: Any, packs: Packs, as_of: dt.date) -> Any:
    """Each occasion found tonight with its task, named by rule and occasion of what began it (R104, R145).

    A known occasion keeps its task. One of going away that is new joins the client's task of going away begun within
    the outflow's time of repetition, unless people dealt with that before the new fact; else what is found tonight
    together is one task under the rule of the first priority. Every other occasion is a task by itself.
    """
    going = _is_going(new) & new.first_on.isnull()
    begun = _renamed(_begun(before, outcomes, packs, as_of), "begun")
    rows = new.left_join(begun, "client_id").drop("client_id_right")
    is_covered = rows.begun_settled_on.isnull() | (rows.fact_on <= rows.begun_settled_on)
    joins = going & rows.begun_task_rule.notnull() & is_covered.fill_null(False)
    rows = rows.mutate(joins=joins, begins=going & ~joins)
    rows = rows.left_join(_renamed(_first_of(rows, packs), "first"), "client_id").drop("client_id_right")
    named = {}
    for name, own in zip(OF_TASK, ("rule", "occasion"), strict=True):
        found = [(rows.joins, rows[f"begun_{name}"]), (rows.begins, rows[f"first_{name}"])]
        named[name] = ibis.coalesce(rows[name], ibis.cases(*found, else_=rows[own]))
    return rows.mutate(**named)


def _is_going(rows: Any) -> Any:
    return rows.rule.isin([str(code) for code in GOING])


def _begun(before: Any, outcomes: Any, packs: Packs, as_of: dt.date) -> Any:
    """Each client's latest task of going away that a new occasion may still join, and the day it was dealt with."""
    going = before.filter(_is_going(before)).group_by(TASK).agg(began_on=lambda rows: rows.fired_on.min())
    age = frames.days_between(frames.day(as_of), going.began_on)
    going = going.filter(age < packs.moments.large_outflow.repeat_after_days)
    order = [going.began_on.desc(), going.task_rule, going.task_occasion]
    ranked = going.mutate(place=ibis.row_number().over(group_by="client_id", order_by=order))
    latest = ranked.filter(ranked.place == 0).drop("place", "began_on")
    closing = outcomes.filter(outcomes.settled_as.isin(CLOSING)).select(
        "client_id", task_rule="rule", task_occasion="occasion", settled_on=outcomes.settled_at.date()
    )
    return latest.left_join(closing, TASK).drop(*(f"{name}_right" for name in TASK))


def _first_of(rows: Any, packs: Packs) -> Any:
    """What begins a task of going away tonight: of each client the rule of the first priority."""
    begins = rows.filter(rows.begins)
    priority = ibis.cases(
        *((begins.rule == str(code), packs.moments.rule(code).priority) for code in GOING), else_=99
    )
    order = [priority, begins.rule, begins.occasion]
    ranked = begins.mutate(place=ibis.row_number().over(group_by="client_id", order_by=order))
    return ranked.filter(ranked.place == 0).select("client_id", task_rule="rule", task_occasion="occasion")


def _renamed(rows: Any, prefix: str) -> Any:
    others = [name for name in rows.columns if name != "client_id"]
    return rows.select("client_id", **{f"{prefix}_{name}": name for name in others})
