"""How many of the duties are done: one's own, and everybody's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.api import (
    ActivityContext,
    Permission,
    PersonRef,
    SubmissionRef,
    SubmissionState,
    Words,
)
from portal_ones.duties import KIND_WORDS, Duty, duties_of


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
        there = (SubmissionState.ACCEPTED, SubmissionState.HANDED_IN)
        return [item for item in self.items if item.state not in there]

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
