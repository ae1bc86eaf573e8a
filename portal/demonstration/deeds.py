"""What people do to a journal: plain values, told by `stories`, done by `acting`."""

from dataclasses import dataclass
from datetime import datetime

from portal.activity import Decision


@dataclass(frozen=True)
class Deed:
    """Something that happens to the journal of a learner (by place) in a week."""

    at: datetime
    learner: int
    week: int


@dataclass(frozen=True)
class Draft(Deed):
    """The author saves what is written so far."""

    text: str


@dataclass(frozen=True)
class HandIn(Deed):
    """The author hands a version in, with a picture of the board or without."""

    text: str
    pictured: bool = False


@dataclass(frozen=True)
class Judge(Deed):
    """A leader judges the newest version."""

    decision: Decision
    remark: str
    advice: str
    levels: tuple[int, ...] = ()
    """The level chosen for each criterion of the rubric; empty chooses none."""
    by_leader: bool = False
    """By the workshop leader; otherwise by the group leader."""


@dataclass(frozen=True)
class ReadFeedback(Deed):
    """The author reads the newest feedback, and answers unless the answer is empty."""

    answer: str = ""


@dataclass(frozen=True)
class GrantTime(Deed):
    """The workshop leader gives the learner more time for this week."""

    hours: int
    reason: str
