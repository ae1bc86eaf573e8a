"""How many of the duties are done: one's own, and everybody's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.api import (
    ActivityContext,
    Permission,
    PersonRef,
    Slot,
    SubmissionRef,
    SubmissionState,
    Words,
)
from portal_ones.duties import KIND_WORDS, Duty, duties_of
from portal_ones.words import Standing


@dataclass(frozen=True)
class Item:
    """One of the ones for one person: what it is, and where their work stands."""

    duty: Duty
    number: int
    work: SubmissionRef | None

    @property
    def title(self) -> Words:
        """What it is called."""
        return self.duty.named(self.number)

    @property
    def state(self) -> SubmissionState | None:
        """Where the work stands; None before there is one."""
        return self.work.state if self.work else None

    @property
    def done(self) -> bool:
        """Whether it was accepted."""
        return self.state is SubmissionState.ACCEPTED

    @property
    def lacks(self) -> bool:
        """Whether it is not there, or came back."""
        return self.state not in (SubmissionState.ACCEPTED, SubmissionState.HANDED_IN)


@dataclass(frozen=True)
class Mark:
    """One of one's own ones as My study shows it; `due` where the date still says."""

    title: Words
    standing: Standing
    due: datetime | None = None


@dataclass(frozen=True)
class Own:
    """One's own ones of one activity."""

    title: str
    url: str
    marks: Sequence[Mark]

    @property
    def done(self) -> int:
        """How many were accepted."""
        return sum(mark.standing is Standing.ACCEPTED for mark in self.marks)


def own(ctx: ActivityContext) -> Own:
    """What My study shows of an activity: each of the ones, and where it stands."""
    slots = {slot.key: slot for slot in ctx.slots()}
    marks = [
        _mark(item, slots[key], ctx.now)
        for item in items(ctx, ctx.submissions())
        if (key := item.duty.key(item.number)) in slots
    ]
    return Own(ctx.activity.title, ctx.activity.url, marks)


def _mark(item: Item, slot: Slot, now: datetime) -> Mark:
    standing = _standing(item, slot, now)
    return Mark(item.title, standing, slot.due if standing in DATED else None)


DATED = (Standing.DRAFT, Standing.OPEN, Standing.LATE, Standing.MISSED, Standing.FUTURE)
"""Those whose date is still to be kept, or was not."""


def _standing(item: Item, slot: Slot, now: datetime) -> Standing:
    if item.state not in (None, SubmissionState.DRAFT):
        return Standing(str(item.state))
    if slot.exempt:
        return Standing.EXEMPT
    if now >= slot.due:
        return Standing.LATE if now < slot.closes else Standing.MISSED
    if now < slot.opens:
        return Standing.FUTURE
    return Standing.DRAFT if item.state else Standing.OPEN


def checklist(ctx: ActivityContext) -> Mapping[str, object]:
    """What the activity's page shows."""
    takes_part = ctx.can(Permission.PARTICIPATE)
    works = ctx.submissions() if takes_part else []
    return {
        "ctx": ctx,
        "duties": duties_of(ctx.settings),
        "kinds": KIND_WORDS,
        "items": items(ctx, works) if takes_part else [],
        "leads": ctx.can(Permission.READ_SUBMISSIONS),
    }


def items(ctx: ActivityContext, works: Sequence[SubmissionRef]) -> Sequence[Item]:
    """One for each time of each duty, with what was handed in for it."""
    known = {work.key: work for work in works}
    return [
        Item(duty, number, known.get(duty.key(number)))
        for duty in duties_of(ctx.settings)
        for number in range(1, duty.count + 1)
    ]


@dataclass(frozen=True)
class Line:
    """One person and their ones."""

    person: PersonRef
    items: Sequence[Item]

    @property
    def done(self) -> int:
        """How many were accepted."""
        return sum(item.done for item in self.items)

    @property
    def waiting(self) -> int:
        """How many wait to be looked at."""
        return sum(item.state is SubmissionState.HANDED_IN for item in self.items)

    @property
    def missing(self) -> Sequence[Item]:
        """Those that are not there, or came back."""
        return [item for item in self.items if item.lacks]

    @property
    def complete(self) -> bool:
        """Whether all were accepted."""
        return self.done == len(self.items)


def lines(ctx: ActivityContext) -> Sequence[Line]:
    """Everybody who takes part, by group and name.

    Raises:
        Forbidden: the acting person may not read the works.
    """
    works: dict[int, list[SubmissionRef]] = defaultdict(list)
    for work in ctx.handed_in(returned=True):
        works[work.person.id].append(work)
    return [Line(person, items(ctx, works[person.id])) for person in ctx.participants()]


@dataclass(frozen=True)
class ByDuty:
    """One of the ones, over everybody."""

    title: Words
    items: Sequence[tuple[PersonRef, Item]]

    @property
    def done(self) -> int:
        """Of how many it was accepted."""
        return sum(item.done for _, item in self.items)

    @property
    def waiting(self) -> int:
        """How many wait to be looked at."""
        return sum(not item.done and not item.lacks for _, item in self.items)

    @property
    def lacking(self) -> Sequence[tuple[PersonRef, Item]]:
        """Who lacks it, and where it stands."""
        return [(person, item) for person, item in self.items if item.lacks]


def by_duty(rows: Sequence[Line]) -> Sequence[ByDuty]:
    """The same lines the other way: each of the ones, with who lacks it."""
    if not rows:
        return []
    return [
        ByDuty(item.title, [(row.person, row.items[place]) for row in rows])
        for place, item in enumerate(rows[0].items)
    ]
