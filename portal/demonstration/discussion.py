"""A discussion in the first workshop: three threads, some essence, one advertisement.

The demonstration goes without it where the plugin is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal.demonstration.discussion_text import (
    INSTRUCTIONS,
    THANKS,
    TITLE,
    TOPICS,
    ReplyText,
    TopicText,
)
from portal.demonstration.enabling import enabled_type
from portal.demonstration.opening import Course
from portal.demonstration.steps import Step
from portal.plugins.opening import open_activity
from portal.users.models import User
from portal.workshops.activities import ActivityPlan, add_activity
from portal.workshops.models import Activity

NAME = "discussion"
WEEKS = 10
"""How many weeks there are for it, from the fourth week on."""

BETWEEN = timedelta(hours=5, minutes=17)
"""From one reply to the next."""

SINCE = timedelta(minutes=9)
"""How long ago the leader spoke last: the post can still be mended."""


def discussions(
    session: Session, course: Course, officer: User, now: datetime
) -> Iterator[Step]:
    """All that is said in a workshop until `now`."""
    kind = enabled_type(session, NAME, officer)
    if kind is None:
        return
    talk = _Talk(session, kind, course)
    yield from (step for step in talk.steps(now) if step.at <= now)


@dataclass
class _Talk:
    """The activity, its people, and the topics that there are by now."""

    session: Session
    kind: Any
    course: Course
    activity: Activity | None = None
    topics: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    """The posts that began them."""

    def steps(self, now: datetime) -> Iterator[Step]:
        """Everything in it, in no order; the leader's thanks come just before `now`."""
        term, course = self.course.term, self.course
        yield Step(term.at(4, 0, 8, 40), course.leader, self._open)
        for place, topic in enumerate(TOPICS):
            begun = term.at(4, place, 9 + place, 10)
            start = partial(self._start, topic)
            yield Step(begun, self._who(topic.by), start)
            yield from self._replies(topic, begun)
            if topic.before:
                mended = begun + timedelta(minutes=6)
                mend = partial(self._mend, topic)
                yield Step(mended, self._who(topic.by), mend)
        yield Step(now - SINCE, course.leader, self._thank)

    def _replies(self, topic: TopicText, begun: datetime) -> Iterator[Step]:
        at = begun
        for reply in topic.replies:
            at = self.course.term.awake(at + BETWEEN)
            say = partial(self._reply, topic, reply)
            yield Step(at, self._who(reply.by), say)

    def _who(self, number: int | None) -> User:
        """The leader, or one of the learners; a small workshop has fewer of them."""
        if number is None:
            return self.course.leader
        learners: Sequence[User] = self.course.learners
        return learners[number % len(learners)]

    def _open(self) -> None:
        term = self.course.term
        own = {"replies_required": 2, "essence_most": 10, "edit_minutes": 24 * 60}
        plan = ActivityPlan(
            title=TITLE,
            starts_at=term.at(4),
            ends_at=term.at(4 + WEEKS),
            instructions=INSTRUCTIONS,
            stage=self.course.workshop.stages[0],
            required=False,
            settings={**self.kind.settings_form.defaults(), **own},
        )
        workshop, by_id = self.course.workshop, self.course.leader.id
        self.activity = add_activity(
            self.session, workshop, self.kind, plan, by_id=by_id
        )

    def _start(self, topic: TopicText) -> None:
        ctx = self._as(self._who(topic.by))
        text = topic.before or topic.text
        post = self.kind.start(ctx, topic.title, topic.title, text)
        self.topics[topic.title], self.first[topic.title] = post.topic_id, post.id
        if topic.pinned:
            self.kind.pin(self._as(self.course.leader), post.topic_id)

    def _mend(self, topic: TopicText) -> None:
        ctx = self._as(self._who(topic.by))
        self.kind.mend(ctx, self.first[topic.title], topic.text)

    def _thank(self) -> None:
        there = self.topics[TOPICS[0].title]
        self.kind.reply(self._as(self.course.leader), there, "thanks", THANKS)

    def _reply(self, topic: TopicText, reply: ReplyText) -> None:
        ctx = self._as(self._who(reply.by))
        there = self.topics[topic.title]
        post = self.kind.reply(ctx, there, reply.text[:60], reply.text)
        leader = self._as(self.course.leader)
        if reply.essence:
            self.kind.choose(leader, post.id)
        if reply.removed:
            self.kind.remove(leader, post.id, reply.removed)

    def _as(self, user: User) -> Any:
        assert self.activity is not None
        return open_activity(self.session, self.activity.id, user.id)
