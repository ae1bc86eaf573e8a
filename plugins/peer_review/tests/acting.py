"""A peer review of four weeks, two for works and two to assess, as people act in it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from portal_peer_review.models import Allocation
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import events
from portal.activity import Answer
from portal.completions.models import Completion
from portal.organisations.models import Organisation
from portal.plugins.opening import run_job
from portal.submissions import drafts, handing_in
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import START, AsUser, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop, WorkshopGroup

NAMES = ("陈晓燕", "赵敏", "孙立", "李静", "钱江", "吴刚", "郑洁", "王磊", "冯雪")
ENDS = START + timedelta(weeks=4)
SUBMITTED = START + timedelta(weeks=2)
"""When works are in, by the default dates."""

GOOD = {
    "level_0": "0",
    "level_1": "1",
    "level_2": "0",
    "remark_0": "课例具体，学生的话记得真。",
    "overall": "读完就想去试一试，建议补上板书。",
    "counter": "0",
}
"""By the general rubric: (4 × 1 + 4 × 0.85 + 2 × 1) / 10 = 0.94."""


class Round:
    """One peer review, its people, and the portal's clock."""

    def __init__(
        self,
        app: Flask,
        session: Session,
        clock: Clock,
        workshop: Workshop,
        group: WorkshopGroup,
        as_user: AsUser,
    ) -> None:
        self.app, self.session, self.clock = app, session, clock
        self.workshop, self.group, self.as_user = workshop, group, as_user
        self.kind = app.extensions["portal_plugins"].kinds["peer_review"]
        self.people: list[User] = []
        self.activity = self.make()

    def make(self, **settings: Any) -> Activity:
        """Another activity; the newest is the one that is meant."""
        made = factories.make_activity(
            self.session, self.workshop, "peer_review", **{"min_length": 10} | settings
        )
        made.ends_at = ENDS
        self.session.commit()
        self.activity = made
        return made

    def enrol(self, *names: str, school: Organisation | None = None) -> list[User]:
        """Let people of these names take part."""
        added = [
            factories.make_user(self.session, name, school=school) for name in names
        ]
        for user in added:
            factories.enrol(self.session, self.workshop, user, "learner", self.group)
        self.people += added
        self.session.commit()
        return added

    def write(self, *people: User) -> None:
        """Let each of them hand a work in, now."""
        for person in people:
            with self.app.test_request_context():
                slot = slots_of(self.session, self.kind, self.activity, person.id)[0]
                text = work_of(person, self.activity)
                given = drafts.begin(
                    self.session, self.activity, person.id, slot, slot.key
                )
                answer = Answer({"text": text}, text)
                handing_in.hand_in(self.session, given, slot, self.kind, answer)
        self.tell()

    def tell(self) -> None:
        """Commit, and let plugins hear of what happened."""
        plugins = self.app.extensions["portal_plugins"]
        with self.app.app_context():
            self.session.commit()
            events.deliver(self.session, plugins)

    def keep(self) -> None:
        """Let the job run, as it does every few minutes."""
        with self.app.app_context():
            run_job(self.session, "peer_review", "keep")
            self.session.commit()

    def begin(self, *names: str) -> list[User]:
        """People who all handed in, on the first day of the assessment."""
        people = self.enrol(*(names or NAMES[:5]))
        self.write(*people)
        self.clock.set(SUBMITTED)
        self.keep()
        return people

    def finish(self) -> None:
        """The moment when the results are out, the job run."""
        self.clock.set(ENDS)
        self.keep()

    def allocations(self) -> Sequence[Allocation]:
        """All that was given out, as it is now."""
        self.session.expire_all()
        return self.session.scalars(
            select(Allocation)
            .where(Allocation.activity_id == self.activity.id)
            .order_by(Allocation.id)
        ).all()

    def given_to(self, person: User) -> list[Allocation]:
        """What the person has to assess."""
        return [
            row
            for row in self.allocations()
            if row.stands and row.reviewer_id == person.id
        ]

    def page(self, number: int | None = None) -> str:
        """The activity's page, or that of one's work of this number."""
        here = f"/activities/{self.activity.id}"
        return here if number is None else f"{here}/peer_review/works/{number}"

    def board(self, more: str = "") -> str:
        """The leader's page, or one below it."""
        return f"/activities/{self.activity.id}/peer_review/board{more}"

    def assess(self, person: User, number: int = 1, **changes: str) -> Any:
        """Hand an assessment in over HTTP."""
        data = {k: v for k, v in (GOOD | changes).items() if v != ""}
        return self.as_user(person).post(self.page(number), data=data)

    def assess_all(self, **changes: str) -> None:
        """Let everybody assess everything they were given."""
        for person in self.people:
            for row in self.given_to(person):
                answer = self.assess(person, row.author_number, **changes)
                assert answer.status_code == 303, answer.text

    def facts(self, person: User) -> dict[str, dict[str, str]]:
        """What stands of the person here: measures by key."""
        self.session.expire_all()
        rows = self.session.scalars(
            select(Completion)
            .where(
                Completion.activity_id == self.activity.id,
                Completion.user_id == person.id,
            )
            .order_by(Completion.revision)
        ).all()
        newest = {row.key: row for row in rows}
        return {k: dict(row.measures) for k, row in newest.items() if not row.withdrawn}

    def work_of(self, person: User) -> Submission:
        """The person's work."""
        return self.session.scalars(
            select(Submission).where(
                Submission.activity_id == self.activity.id,
                Submission.user_id == person.id,
            )
        ).one()


def work_of(person: User, activity: Activity) -> str:
    """A text of the person's own, like no other."""
    start = person.id * 97 + activity.id * 7919
    return "".join(chr(0x4E00 + (start + place * 31) % 20000) for place in range(60))


def words_of(page: str) -> str:
    """What a reader sees of a page, without the markup and the scripts."""
    return re.sub(r"<[^>]+>", " ", page)
