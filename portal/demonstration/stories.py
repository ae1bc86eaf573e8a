"""The stories of the journals: who does what with which words, and when.

Pure: a workshop's plot becomes deeds in the order of time, none later than the present
moment. The texts that came in last are left waiting for their leaders.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.activity import Decision
from portal.demonstration import copies, drafts, journals, remarks
from portal.demonstration.deeds import (
    Deed,
    Draft,
    GrantTime,
    HandIn,
    Judge,
    ReadFeedback,
)
from portal.demonstration.fates import TAKEN, Fate, Plot
from portal.demonstration.term import Term

CRITERIA = 3
"""How many criteria the rubric has (`assessment.RUBRIC`)."""

_WHOLE_WEEK, _BEFORE_FRIDAY, _AT_THE_END = range(7), range(4), range(6, 7)

_PASSED_IN_DOUBT = (
    "这次与同事集体备课，前半篇的过程相近，后半篇是自己班里的事，予以通过。",
    "两位老师同听一节课，引用的片段相同，自己的体会占了一半，可以通过。",
)
_CREDIT_THE_SOURCE = "集体备课的部分请用一句话带过并注明，把篇幅留给自己的课堂。"


@dataclass(frozen=True)
class Cohort:
    """A workshop's learners by place: who writes, of what, in which group."""

    seed: str
    names: Sequence[str]
    subject: str
    stage: str
    groups: Sequence[int]
    first_week: int = 1
    """How far the textbook is read when the term begins."""
    waiting: float = 0.85
    """How many texts wait for the group leader, for each learner of the group."""


@dataclass(frozen=True)
class _Telling:
    """What every story needs."""

    cohort: Cohort
    plot: Plot
    term: Term
    now: datetime

    def rng(self, learner: int, week: int, what: str) -> Random:
        """Chance of its own for each part, so that no part disturbs another."""
        seed = f"{self.cohort.seed}/{learner}/{week}/{what}"
        return Random(seed)

    def text(self, learner: int, week: int) -> str:
        """What the learner writes in the week, all of it their own."""
        cohort = self.cohort
        return journals.journal(
            self.rng(learner, week, "text"),
            cohort.subject,
            cohort.stage,
            cohort.first_week + week - 1,
            cohort.names[learner],
        )

    def in_week(self, learner: int, week: int, days: range) -> datetime:
        """When the learner hands in."""
        rng = self.rng(learner, week, "when")
        return self.term.writing_moment(rng, week, days)


def tell(cohort: Cohort, plot: Plot, term: Term, now: datetime) -> list[Deed]:
    """Everything that happened to the journals until `now`, in order."""
    telling = _Telling(cohort, plot, term, now)
    deeds: list[Deed] = []
    final: list[HandIn] = []
    for learner in range(len(cohort.names)):
        for week in range(1, term.weeks + 1):
            fate = plot.fate(learner, week)
            story = _STORIES[fate](telling, learner, week)
            happened = [deed for deed in story if deed.at <= now]
            deeds += happened or _begun(telling, learner, week)
            if fate not in TAKEN:
                final += [last for last in happened[-1:] if isinstance(last, HandIn)]
    for hand_in in _no_longer_waiting(cohort, plot, final):
        deeds += _accepted(telling, hand_in)
    told = [deed for deed in deeds if deed.at <= now]
    return sorted(told, key=lambda deed: (deed.at, deed.learner, deed.week))


# One week of one teacher


def _in_time(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    is_source = (learner, week) in {
        (source, of) for (_, of), source in telling.plot.sources.items()
    }
    days = _BEFORE_FRIDAY if is_source else _WHOLE_WEEK
    at = telling.in_week(learner, week, days)
    pictured = is_source or telling.rng(learner, week, "picture").random() < 0.03
    yield HandIn(at, learner, week, telling.text(learner, week), pictured)


def _late(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    at = telling.in_week(learner, week, range(7, 12))
    yield HandIn(at, learner, week, telling.text(learner, week))


def _extended(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    granted = telling.term.at(week, 6, 18, 20)
    reason = "本周带学生外出比赛，周末才回来"
    yield GrantTime(granted, learner, week, hours=48, reason=reason)
    at = telling.in_week(learner, week, range(7, 9))
    yield HandIn(at, learner, week, telling.text(learner, week))


def _returned_once(
    telling: _Telling, learner: int, week: int, returned: datetime
) -> Iterator[Deed]:
    """The thin first version, and the return that the author reads."""
    rng = telling.rng(learner, week, "first")
    first = drafts.first_attempt(rng, telling.text(learner, week))
    at = telling.in_week(learner, week, _BEFORE_FRIDAY)
    yield HandIn(at, learner, week, first.text)
    yield Judge(returned, learner, week, Decision.RETURN, "", first.reason)
    yield ReadFeedback(returned + timedelta(hours=rng.randrange(1, 9)), learner, week)


def _revised(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    rng = telling.rng(learner, week, "revised")
    returned = telling.term.working_moment(rng, week, rng.choice((4, 5, 6)))
    yield from _returned_once(telling, learner, week, returned)
    at = telling.term.working_moment(rng, week, rng.choice((8, 9, 10)))
    yield HandIn(at, learner, week, telling.text(learner, week))


def _abandoned(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    returned = telling.term.at(week, 5, 16, 40)
    yield from _returned_once(telling, learner, week, returned)


def _returned(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    """Returned so lately that the days for revising are not over."""
    earliest = telling.term.at(week, 6, 15, 10)
    returned = max(earliest, telling.term.awake(telling.now - timedelta(days=4)))
    yield from _returned_once(telling, learner, week, returned)


def _taken(
    telling: _Telling,
    learner: int,
    week: int,
    take: Callable[[Random, str], str],
) -> HandIn:
    """A colleague's text with changes, at the end of the week in which it came."""
    source = telling.plot.sources[learner, week]
    text = take(telling.rng(learner, week, "copy"), telling.text(source, week))
    return HandIn(telling.in_week(learner, week, _AT_THE_END), learner, week, text)


def _copied(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    yield _taken(telling, learner, week, copies.copied_from)


def _held(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    yield _taken(telling, learner, week, copies.half_copied)


def _doubted(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    rng = telling.rng(learner, week, "doubted")
    yield _taken(telling, learner, week, copies.half_copied)
    judged = Judge(
        telling.term.working_moment(rng, week, 8),
        learner,
        week,
        Decision.ACCEPT,
        rng.choice(_PASSED_IN_DOUBT),
        _CREDIT_THE_SOURCE,
        by_leader=True,
    )
    yield judged
    yield ReadFeedback(judged.at + timedelta(hours=3), learner, week)


def _started(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    yield _draft(telling, learner, week, telling.in_week(learner, week, _WHOLE_WEEK))


def _nothing(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    yield from ()


_STORIES: dict[Fate, Callable[[_Telling, int, int], Iterator[Deed]]] = {
    Fate.IN_TIME: _in_time,
    Fate.LATE: _late,
    Fate.EXTENDED: _extended,
    Fate.REVISED: _revised,
    Fate.ABANDONED: _abandoned,
    Fate.RETURNED: _returned,
    Fate.COPIED: _copied,
    Fate.DOUBTED: _doubted,
    Fate.HELD: _held,
    Fate.MISSING: _nothing,
    Fate.STARTED: _started,
    Fate.DUE: _nothing,
    Fate.ON_LEAVE: _nothing,
}


_NOTHING_COMES = (Fate.DUE, Fate.MISSING, Fate.ON_LEAVE)


# What is under way at the present moment


def _begun(telling: _Telling, learner: int, week: int) -> Iterator[Deed]:
    """A draft of what will be handed in later: every second author has begun."""
    opens = telling.term.at(week)
    begun = telling.rng(learner, week, "begun")
    comes = telling.plot.fate(learner, week) not in _NOTHING_COMES
    if comes and telling.now > opens and begun.random() < 0.5:
        at = opens + (telling.now - opens) * begun.uniform(0.3, 0.9)
        yield _draft(telling, learner, week, at)


def _draft(telling: _Telling, learner: int, week: int, at: datetime) -> Draft:
    """The first sentences of what the text will be."""
    whole = telling.text(learner, week)
    share = telling.rng(learner, week, "draft").uniform(0.25, 0.7)
    written = whole[: int(len(whole) * share)]
    return Draft(at, learner, week, written[: written.rfind("，") + 1] or written)


# What becomes of texts that were handed in for good


def _no_longer_waiting(
    cohort: Cohort, plot: Plot, final: Sequence[HandIn]
) -> Iterator[HandIn]:
    """All but the newest texts of each group; held and rejected ones left out."""
    queues: dict[int, list[HandIn]] = defaultdict(list)
    for hand_in in sorted(final, key=lambda d: (d.at, d.learner)):
        queues[cohort.groups[hand_in.learner]].append(hand_in)
    for group, queue in queues.items():
        waiting = round(cohort.waiting * cohort.groups.count(group))
        yield from queue[: max(0, len(queue) - waiting)]


def _accepted(telling: _Telling, hand_in: HandIn) -> Iterator[Deed]:
    """The leader's words on an accepted text, and their author's."""
    learner, week, text = hand_in.learner, hand_in.week, hand_in.text
    rng = telling.rng(learner, week, "accepted")
    at = _later(telling, hand_in.at, timedelta(hours=rng.uniform(5, 70)))
    judged = Judge(
        at,
        learner,
        week,
        Decision.ACCEPT,
        remarks.remark(rng, text),
        remarks.advice(rng, text) if rng.random() < 0.7 else "",
        levels=_levels(rng, telling.plot.diligence[learner]),
        by_leader=rng.random() < 0.15,
    )
    yield judged
    if rng.random() < 0.85:
        read = telling.term.awake(at + timedelta(hours=rng.uniform(1, 40)))
        said = remarks.answer(rng) if rng.random() < 0.3 else ""
        yield ReadFeedback(read, learner, week, said)


def _later(telling: _Telling, at: datetime, later: timedelta) -> datetime:
    """So much later, when people are awake; and not after the present moment."""
    wanted = telling.term.awake(at + later)
    return wanted if wanted <= telling.now else at + (telling.now - at) * 0.9


def _levels(rng: Random, behind: int) -> tuple[int, ...]:
    """Levels of the rubric, 0 the best; lower for who falls behind."""
    return tuple(
        min(3, behind + rng.choices((0, 1, 2), (5, 4, 1))[0]) for _ in range(CRITERIA)
    )
