"""A discussion in an open workshop, and the people who talk in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal_discussion import posting
from portal_discussion.models import Draft, Post, Tally, Topic
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.api import ActivityContext, open_activity
from portal.completions.models import Completion
from portal.notifications.models import Notice
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopGroup

LONG = (
    "我试着让学生先把不懂的地方写在便签上，再决定这一节课从哪里讲起，课堂安静了许多。"
)
"""More than twenty characters."""

SHORT = "说得好，顶！"


def title_of(notice: Notice) -> str:
    """What a notice says, in Chinese."""
    return str(notice.params["title"]["zh_Hans_CN"])


class Talk:
    """One discussion: `learner`, `other`, `leader` and the rest talk in it."""

    def __init__(
        self,
        app: Flask,
        session: Session,
        clock: Clock,
        activity: Activity,
        people: dict[str, User],
        as_user: AsUser,
    ) -> None:
        self.app, self.session, self.clock = app, session, clock
        self.activity, self.people, self.as_user = activity, people, as_user
        self.id = activity.id

    @contextmanager
    def acting(self, who: str = "leader") -> Iterator[ActivityContext]:
        """The context of somebody; what is done in it is committed."""
        with self.app.test_request_context():
            yield open_activity(self.session, self.id, self.people[who].id)
        self.session.commit()

    def set(self, **settings: Any) -> None:
        """Change settings of the activity."""
        self.activity.settings = {**self.activity.settings, **settings}
        self.session.commit()

    @property
    def page(self) -> str:
        """The address of the first page."""
        return f"/activities/{self.id}"

    def url(self, path: str) -> str:
        """The address of a further page."""
        return f"/activities/{self.id}/discussion{path}"

    def browser(self, who: str = "learner") -> FlaskClient:
        """A browser of somebody."""
        return self.as_user(self.people[who])

    def start(
        self, who: str = "learner", text: str = LONG, title: str = "从便签开始的一节课"
    ) -> Post:
        """Begin a topic, without pages."""
        with self.acting(who) as ctx:
            key = f"start {who} {text} {title}"[:64]
            return posting.start(ctx, key, title, text)

    def reply(self, topic_id: int, who: str = "other", text: str = LONG) -> Post:
        """Answer, without pages."""
        with self.acting(who) as ctx:
            number = len(self.posts())
            return posting.reply(ctx, topic_id, f"reply {number}", text)

    def posts(self) -> list[Post]:
        """All there are, by time."""
        self.session.expire_all()
        mine = select(Post).where(Post.activity_id == self.id).order_by(Post.id)
        return list(self.session.scalars(mine))

    def topics(self) -> list[Topic]:
        """All there are, by time."""
        self.session.expire_all()
        mine = select(Topic).where(Topic.activity_id == self.id).order_by(Topic.id)
        return list(self.session.scalars(mine))

    def drafts(self) -> list[Draft]:
        """All that is being written."""
        self.session.expire_all()
        return list(self.session.scalars(select(Draft)))

    def tally(self, who: str = "learner") -> Tally | None:
        """What somebody's posts come to."""
        self.session.expire_all()
        return self.session.scalars(
            select(Tally).where(
                Tally.activity_id == self.id, Tally.user_id == self.people[who].id
            )
        ).one_or_none()

    def facts(self, who: str = "learner") -> dict[str, dict[str, int]]:
        """The measures that stand of somebody, by key."""
        self.session.expire_all()
        rows = self.session.scalars(
            select(Completion)
            .where(
                Completion.activity_id == self.id,
                Completion.user_id == self.people[who].id,
            )
            .order_by(Completion.revision)
        )
        newest = {row.key: row for row in rows}
        return {
            key: {name: int(amount) for name, amount in row.measures.items()}
            for key, row in newest.items()
            if not row.withdrawn
        }


@pytest.fixture
def talk(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    workshop: Workshop,
    group: WorkshopGroup,
    activity: Callable[..., Activity],
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    as_user: AsUser,
) -> Talk:
    """A discussion in the first hour of its time; nobody has said anything."""
    factories.enable_plugin(session, county, "discussion")
    other = factories.make_user(session, "赵敏")
    factories.enrol(session, workshop, other, "learner")
    people = {
        "learner": learner,
        "other": other,
        "group leader": group_leader,
        "leader": workshop_leader,
        "officer": county_officer,
    }
    clock.move(hours=1)
    made = activity("discussion")
    session.commit()
    return Talk(app, session, clock, made, people, as_user)
