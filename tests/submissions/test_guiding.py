"""Guidance before the mark, and marks by several: who may say what, and when."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.activity import Decision, Purpose
from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, actor_for, can
from portal.submissions import queries
from portal.submissions.assigning import assign, unassign
from portal.submissions.guiding import shown_to_author, turn_of
from portal.submissions.models import Submission
from portal.submissions.slots import settings_of
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop

P = Purpose


@pytest.fixture
def expert(session: Session, county: Organisation, workshop: Workshop) -> User:
    """An expert of the workshop."""
    user = factories.make_user(session, "顾明远山", school=county)
    factories.enrol(session, workshop, user, "expert")
    return user


@pytest.fixture
def marker(session: Session, county: Organisation, workshop: Workshop) -> User:
    """Another one."""
    user = factories.make_user(session, "沈一秋", school=county)
    factories.enrol(session, workshop, user, "expert")
    return user


@pytest.fixture
def guided(journal: Any) -> Any:
    """The journal, with two rounds of guidance before the mark."""
    journal.activity.settings = journal.activity.settings | {"guidance_rounds": 2}
    return journal


def give(session: Session, work: Submission, *people: User, **said: Any) -> None:
    for person in people:
        assign(session, work.id, person.id, said.get("purpose", P.GUIDANCE))


def actor(session: Session, user: User) -> Actor:
    return actor_for(session, user.id, session.info["tenant_id"])


def waits(session: Session, user: User) -> int:
    return queries.waiting_count(session, actor(session, user))


def test_an_expert_opens_and_judges_what_was_assigned_and_nothing_else(
    guided: Any, session: Session, learner: User, colleague: User, expert: User
) -> None:
    given, other = guided.hand_in(learner), guided.hand_in(colleague, guided.text(1))
    give(session, given, expert)
    who = actor(session, expert)
    for permission in (Permission.READ_SUBMISSIONS, Permission.REVIEW):
        assert can(who, permission, given)
        assert not can(who, permission, other)
    unassign(session, given.id, expert.id, P.GUIDANCE, "换人")
    assert not can(who, Permission.REVIEW, given)


def test_rounds_go_back_and_forth_and_then_the_leader_marks(
    guided: Any, session: Session, learner: User, expert: User, workshop_leader: User
) -> None:
    work = guided.hand_in(learner)
    assert (waits(session, expert), waits(session, workshop_leader)) == (0, 1)
    give(session, work, expert)
    assert (waits(session, expert), waits(session, workshop_leader)) == (1, 0)
    for number in (1, 2):
        said = guided.judge(work, Decision.RETURN, expert, purpose=P.GUIDANCE)
        assert (said.round, said.score, work.state) == (number, None, "returned")
        assert waits(session, expert) == 0
        guided.hand_in(learner, guided.text(number))
        assert waits(session, expert) == (1 if number == 1 else 0)
    assert waits(session, workshop_leader) == 1
    guided.judge(work, Decision.ACCEPT, workshop_leader, score=Decimal("0.9"))
    assert (work.state, work.score) == ("accepted", Decimal("0.9"))


def test_nobody_marks_before_the_guidance_is_over(
    guided: Any, session: Session, learner: User, workshop_leader: User, marker: User
) -> None:
    work = guided.hand_in(learner)
    give(session, work, marker, purpose=P.MARK)
    for by, purpose in ((workshop_leader, P.REVIEW), (marker, P.MARK)):
        with pytest.raises(Invalid) as refused:
            guided.judge(
                work, Decision.ACCEPT, by, purpose=purpose, score=Decimal("0.9")
            )
        assert (refused.value.code, refused.value.params) == (
            "guidance_first",
            {"missing": 2},
        )
    assert (work.state, work.reviews) == ("handed_in", [])


def test_guidance_ends_by_decision(
    guided: Any, session: Session, learner: User, expert: User, workshop_leader: User
) -> None:
    work = guided.hand_in(learner)
    give(session, work, expert)
    guided.judge(work, Decision.ACCEPT, workshop_leader, purpose=P.GUIDANCE)
    assert (work.state, waits(session, expert)) == ("handed_in", 0)
    with pytest.raises(Conflict) as refused:
        guided.judge(work, Decision.RETURN, expert, purpose=P.GUIDANCE)
    assert refused.value.code == "guidance_over"
    guided.judge(work, Decision.ACCEPT, workshop_leader)
    assert work.state == "accepted"


def test_a_work_is_accepted_when_the_last_marker_has_marked(
    journal: Any, session: Session, learner: User, expert: User, marker: User
) -> None:
    work = journal.hand_in(learner)
    give(session, work, expert, marker, purpose=P.MARK)
    mark = {"purpose": P.MARK, "remark": "有证据"}
    journal.judge(work, Decision.ACCEPT, expert, score=Decimal("0.8"), **mark)
    assert (work.state, waits(session, expert), waits(session, marker)) == (
        *("handed_in", 0, 1),
    )
    assert shown_to_author(work) == []
    assert queries.feedback_count(session, learner.id) == 0
    journal.judge(work, Decision.ACCEPT, marker, score=Decimal("0.9"), **mark)
    assert (work.state, work.score) == ("accepted", Decimal("0.85"))
    assert (
        len(shown_to_author(work)) == queries.feedback_count(session, learner.id) == 2
    )


@pytest.mark.parametrize(
    ("decision", "code"),
    [(Decision.ACCEPT, "score_missing"), (Decision.RETURN, "decision_missing")],
)
def test_a_marker_marks_and_does_nothing_else(
    journal: Any,
    session: Session,
    learner: User,
    marker: User,
    decision: Decision,
    code: str,
) -> None:
    work = journal.hand_in(learner)
    give(session, work, marker, purpose=P.MARK)
    with pytest.raises(Invalid) as refused:
        journal.judge(work, decision, marker, purpose=P.MARK)
    assert refused.value.code == code


def test_a_held_copy_is_cleared_for_guidance_not_for_the_mark(
    guided: Any, learner: User, colleague: User, workshop_leader: User
) -> None:
    base = guided.text(0, 104)
    guided.hand_in(learner, base)
    held = guided.hand_in(colleague, base[:70] + guided.text(1, 34))
    assert held.state == "held"
    guided.judge(held, Decision.ACCEPT, workshop_leader)
    assert held.state == "handed_in"


def test_under_an_alias_the_desk_names_nobody(
    journal: Any, session: Session, learner: User, marker: User, as_user: AsUser
) -> None:
    work = journal.hand_in(learner)
    assign(session, work.id, marker.id, P.MARK, alias="作者 7")
    session.commit()
    browser = as_user(marker)
    for address in ("/desk", f"/desk/{work.id}", "/"):
        page = browser.get(address)
        assert page.status_code == 200
        assert learner.name not in page.text
    assert "作者 7" in browser.get(f"/desk/{work.id}").text
    assert browser.get(f"/submissions/{work.id}").status_code == 404
    form = {"decision": "accept", "revision": work.revision, "score": "88"}
    assert browser.post(f"/desk/{work.id}", data=form).status_code == 303
    session.refresh(work)
    assert (work.state, work.score) == ("accepted", Decimal("0.88"))
    page = as_user(learner).get(f"/submissions/{work.id}").text
    assert "88 分" in page
    assert marker.name not in page


def test_the_desk_guides_round_by_round(
    guided: Any,
    session: Session,
    learner: User,
    expert: User,
    workshop_leader: User,
    as_user: AsUser,
) -> None:
    work = guided.hand_in(learner)
    give(session, work, expert)
    session.commit()
    browser = as_user(expert)
    assert "第 1 轮指导，共 2 轮" in browser.get(f"/desk/{work.id}").text
    form = {"decision": "return", "revision": work.revision, "advice": "补上学生作业"}
    assert browser.post(f"/desk/{work.id}", data=form).status_code == 303
    page = as_user(learner).get(f"/submissions/{work.id}").text
    assert "第 1 轮指导" in page
    assert "补上学生作业" in page
    session.refresh(work)
    stale = form | {"revision": work.revision}
    assert browser.post(f"/desk/{work.id}", data=stale).status_code == 409
    guided.hand_in(learner, guided.text(1))
    session.commit()
    leader = as_user(workshop_leader)
    page = leader.get(f"/desk/{work.id}").text
    assert 'value="end"' in page
    assert 'value="accept"' not in page, "Ctrl+Enter would end the guidance"
    session.refresh(work)
    form = {"decision": "end", "revision": work.revision}
    assert leader.post(f"/desk/{work.id}", data=form).status_code == 303
    session.refresh(work)
    assert (work.state, work.reviews[-1].decision) == ("handed_in", "accept")


def test_who_is_not_asked_yet_is_told_so(
    guided: Any, session: Session, learner: User, marker: User, as_user: AsUser
) -> None:
    work = guided.hand_in(learner)
    give(session, work, marker, purpose=P.MARK)
    session.commit()
    browser = as_user(marker)
    assert "还有 2 轮指导没有完成" in browser.get(f"/desk/{work.id}").text
    form = {"decision": "accept", "revision": work.revision, "score": "90"}
    answer = browser.post(f"/desk/{work.id}", data=form)
    assert answer.status_code == 409
    session.refresh(work)
    assert work.reviews == []
    rules = guided.kind.rules(settings_of(guided.activity, guided.kind))
    assert turn_of(session, actor(session, marker), work, rules).purpose is None
