"""What a plugin sees of people's work through its context: never more than they may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Answer, PersonRef, Purpose
from portal.errors import Forbidden, Invalid, NotFound
from portal.notifications.models import Notice
from portal.permissions import actor_for
from portal.plugins.context import CoreContext
from portal.plugins.opening import open_activity
from portal.submissions import drafts, handing_in
from portal.submissions.models import Assignment, Submission
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Duty, Extension, Workshop

TEXT = "".join(chr(0x4E00 + place) for place in range(120))


@pytest.fixture
def journal(activity: Callable[..., Activity]) -> Activity:
    return activity("journal")


@pytest.fixture
def kind(app: Flask) -> Any:
    return app.extensions["portal_plugins"].kinds["journal"]


@pytest.fixture
def context(session: Session, journal: Activity, kind: Any) -> Any:
    """`context(user)` is what a plugin gets when this person asks."""
    return lambda user: CoreContext(
        session,
        journal,
        kind,
        user,
        actor=actor_for(session, user.id, journal.tenant_id),
    )


@pytest.fixture
def write(session: Session, journal: Activity, kind: Any) -> Any:
    """`write(user, week, hand_in=True)` saves a draft and hands it in."""

    def make(user: User, week: int = 0, *, hand_in: bool = True) -> Submission:
        slot = slots_of(session, kind, journal, user.id)[week]
        found = drafts.begin(session, journal, user.id, slot, slot.key)
        drafts.save_draft(session, found, {"text": TEXT}, counter=0)
        if hand_in:
            answer = Answer({"text": TEXT}, TEXT)
            handing_in.hand_in(session, found, slot, kind, answer)
        return found

    return make


def ref(user: User) -> PersonRef:
    return PersonRef(user.id, user.name)


def test_one_sees_ones_own_work_and_draft(
    context: Any, write: Any, learner: User
) -> None:
    write(learner, hand_in=False)
    (found,) = context(learner).submissions()
    assert (found.state, found.answer.text, found.hand_in) == ("draft", TEXT, None)


def test_a_draft_is_its_authors_alone(
    context: Any,
    write: Any,
    session: Session,
    learner: User,
    workshop_leader: User,
) -> None:
    write(learner, hand_in=False)
    assert context(workshop_leader).submissions(ref(learner)) == []
    found = write(learner)
    found.state = "returned"
    drafts.save_draft(session, found, {"text": "改到一半"}, counter=0)
    (seen,) = context(workshop_leader).submissions(ref(learner))
    assert seen.answer.text == TEXT
    (own,) = context(learner).submissions()
    assert own.answer.text == "改到一半"


def test_a_group_leader_sees_the_work_of_their_group_only(
    context: Any,
    write: Any,
    session: Session,
    workshop: Workshop,
    learner: User,
    group_leader: User,
) -> None:
    other = factories.make_group(session, workshop, "第二组")
    far = factories.make_user(session, "赵大勇")
    factories.enrol(session, workshop, far, "learner", other)
    write(learner)
    write(far)
    assert len(context(group_leader).submissions(ref(learner))) == 1
    assert context(group_leader).submissions(ref(far)) == []


def test_a_learner_does_not_see_anothers_work(
    context: Any, write: Any, learner: User, session: Session, workshop: Workshop
) -> None:
    other = factories.make_user(session, "王丽华")
    factories.enrol(session, workshop, other)
    write(learner)
    with pytest.raises(Forbidden):
        context(other).submissions(ref(learner))


def test_an_assignment_made_again_is_the_same_with_the_new_date(
    context: Any, write: Any, session: Session, learner: User, workshop_leader: User
) -> None:
    write(learner)
    (found,) = context(learner).submissions()
    for days in (1, 2):
        context(workshop_leader).assign(
            found,
            ref(workshop_leader),
            Purpose.MARK,
            alias="甲",
            due=START + timedelta(days=days),
        )
    row = session.scalars(select(Assignment)).one()
    assert (row.alias, row.due_at) == ("甲", START + timedelta(days=2))


def test_a_long_title_of_a_duty_is_cut_and_settling_is_repeatable(
    context: Any, session: Session, learner: User
) -> None:
    here = context(learner)
    for _ in range(2):
        here.owe("peer", ref(learner), START, "/x", title="长" * 500)
    assert session.scalars(select(Duty.title)).one() == "长" * 120
    for _ in range(2):
        here.settle("peer", ref(learner))
    (row,) = session.scalars(select(Duty)).all()
    assert row.settled_at is not None


def test_only_declared_measures_are_reported(context: Any, learner: User) -> None:
    with pytest.raises(Invalid):
        context(learner).complete("x", 1, {"gold": 1}, None, occurred_at=START)


def test_a_context_is_opened_where_the_plugin_works(
    app: Flask, session: Session, journal: Activity, learner: User, write: Any
) -> None:
    write(learner)
    with app.app_context():
        context = open_activity(session, journal.id, learner.id)
        assert [found.answer.text for found in context.submissions()] == [TEXT]
        for activity_id, user_id in ((journal.id, 987654), (987654, learner.id)):
            with pytest.raises(NotFound):
                open_activity(session, activity_id, user_id)
        journal.type = "nobody_brings_it"
        with pytest.raises(NotFound):
            open_activity(session, journal.id, learner.id)


def test_a_job_sees_everybody_and_is_nobody(
    app: Flask, session: Session, journal: Activity, learner: User, write: Any
) -> None:
    write(learner)
    with app.app_context():
        here = open_activity(session, journal.id)
        assert here.participants() == [ref(learner)]
        (found,) = here.handed_in()
        assert (found.person, found.version) == (ref(learner), 1)
        assert TEXT in found.html
        assert here.of(ref(learner)).user == ref(learner)
        with pytest.raises(LookupError):
            here.user  # noqa: B018 - asking is the point


def test_a_learner_does_not_read_what_everybody_handed_in(
    context: Any, learner: User
) -> None:
    with pytest.raises(Forbidden):
        context(learner).handed_in()


def test_under_an_alias_nothing_tells_whose_work_it_is(
    context: Any,
    write: Any,
    session: Session,
    workshop: Workshop,
    learner: User,
    workshop_leader: User,
    as_user: AsUser,
) -> None:
    peer = factories.make_user(session, "何美玲")
    factories.enrol(session, workshop, peer, "learner")
    given = write(learner)
    (found,) = context(learner).submissions()
    context(workshop_leader).assign(found, ref(peer), Purpose.REVIEW, alias="作者甲")

    (work,) = context(peer).assigned(Purpose.REVIEW)

    assert work.submission.person == PersonRef(0, "作者甲")
    assert TEXT in work.submission.html
    assert learner.name not in repr(work)
    assert as_user(peer).get(f"/submissions/{given.id}").status_code == 404


def test_what_was_taken_back_is_assigned_no_longer(
    context: Any, write: Any, session: Session, workshop: Workshop, learner: User
) -> None:
    peer = factories.make_user(session, "何美玲")
    factories.enrol(session, workshop, peer, "learner")
    write(learner)
    (found,) = context(learner).submissions()
    here = context(learner)
    here.assign(found, ref(peer), Purpose.REVIEW)
    assert [
        one.submission.person for one in context(peer).assigned(Purpose.REVIEW)
    ] == [ref(learner)]

    here.unassign(found, ref(peer), Purpose.REVIEW, "退出研修")

    assert context(peer).assigned(Purpose.REVIEW) == []


def test_a_notice_of_a_plugin_comes_once_and_in_each_language(
    app: Flask, context: Any, session: Session, learner: User
) -> None:
    with app.app_context():
        for _ in range(2):
            context(learner).notify(
                [ref(learner)], title=lazy_gettext("登录"), once="x"
            )
    (notice,) = session.scalars(select(Notice)).all()
    assert notice.params["title"]["zh_Hans_CN"] == "登录"
    assert notice.params["title"]["en"] not in ("", "登录")


def test_it_is_over_for_everybody_when_it_is_for_whoever_has_most_time(
    session: Session, journal: Activity, learner: User, context: Any
) -> None:
    before = context(learner).closes_for_all
    session.add(Extension(activity_id=journal.id, user_id=learner.id, hours=5))
    session.flush()

    assert before == context(learner).dates().closes - timedelta(hours=5)
    assert context(learner).closes_for_all == before + timedelta(hours=5)
