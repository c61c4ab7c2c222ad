"""How the desk asks the engine's host what needs arrays: files of one folder, and what becomes of an ask.

The desk writes ``<key>.ask.json`` with ``kind``, ``run``, ``asked_at``, ``seconds`` (how long somebody waits) and
``body`` (what is asked, by kind); the host answers with ``<key>.answer.json``: ``state`` and ``body``. Each is written
aside and renamed, so that nobody reads half of one. The host shows that it lives by touching ``host.json``.
"""

from __future__ import annotations

from keepwell.contract.schema import Code

FOLDER = "asks"
HOST = "host.json"
ASK, ANSWER = ".ask.json", ".answer.json"
SILENT_SECONDS = 10
"""A host that has touched its file for so long not, and is at no ask, is not there."""
LONGEST_SECONDS = 60
"""No ask may wait longer, and no host be silent longer over one."""


class AskKind(Code):
    """What can be asked."""

    ALLOCATION = ("allocation", "What-if of an allocation", "客户分配试算")
    FEATURE = ("feature", "The events behind a figure", "数值背后的记录")


class AskState(Code):
    """What became of an ask."""

    WAITING = ("waiting", "Being reckoned", "试算中")
    ANSWERED = ("answered", "Reckoned", "已算出")
    REFUSED = ("refused", "The limits cannot hold together", "限额不能同时满足")
    FAILED = (
        "failed",
        "It could not be read or reckoned; the administrators' log tells more",
        "未能算出，详见系统日志",
    )
    TIMED_OUT = ("timed_out", "No answer in time; try again", "超时未答，请再试")
    NO_HOST = (
        "no_host",
        "The program that reckons is not running; tell an administrator",
        "试算程序没有运行，请联系系统管理员",
    )
    WITHDRAWN = ("withdrawn", "Replaced by a later one", "已被后一次试算取代")


OVER = frozenset(AskState) - {AskState.WAITING}
"""What an ask stays once it is that."""
