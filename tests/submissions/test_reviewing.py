"""Judging: who may, what it takes, what it does to the fact."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Decision
from portal.completions.models import Completion
from portal.errors import Conflict, Forbidden, Invalid
from portal.submissions import reviewing
from portal.submissions.models import Rubric
from portal.users.models import User

RUBRIC = [
    {
        "key": "evidence",
        "title": "证据",
        "weight": "3",
        "levels": [
            {"title": "具体", "share": "1"},
            {"title": "笼统", "share": "0.5"},
        ],
    },
    {
        "key": "thought",
        "title": "思考",
        "weight": "1",
        "levels": [{"title": "深入", "share": "1"}, {"title": "没有", "share": "0"}],
    },
]


@pytest.fixture
def rubric(journal: Any, session: Session) -> Rubric:
    made = Rubric(title="日志量规", criteria=RUBRIC)
    session.add(made)
    session.flush()
    journal.activity.rubric_id = made.id
    return made


def facts(session: Session, user: User) -> list[Completion]:
    return list(
        session.scalars(
            select(Completion)
            .where(Completion.user_id == user.id)
            .order_by(Completion.revision)
        )
    )


def test_nobody_judges_their_own_text(journal: Any, learner: User) -> None:
    found = journal.hand_in(learner)
    with pytest.raises(Forbidden):
        journal.judge(found, Decision.ACCEPT, learner)
    assert found.reviews == []


def test_a_text_judged_meanwhile_is_left_alone(
    journal: Any, learner: User, workshop_leader: User, group_leader: User
) -> None:
    found = journal.hand_in(learner)
    seen = found.revision
    journal.judge(found, Decision.ACCEPT, workshop_leader)
    with pytest.raises(Conflict) as refused:
        journal.judge(found, Decision.RETURN, group_leader, revision=seen)
    assert refused.value.code == "judged_meanwhile"
    assert found.state == "accepted"


@pytest.mark.parametrize(
    ("decision", "said", "code"),
    [
        (Decision.RETURN, {"advice": " \n", "remark": "不错"}, "return_needs_advice"),
        (Decision.REJECT, {"advice": "", "remark": " "}, "reject_needs_reason"),
    ],
)
def test_a_return_needs_advice_and_a_rejection_a_reason(
    journal: Any,
    learner: User,
    workshop_leader: User,
    decision: Decision,
    said: dict[str, str],
    code: str,
) -> None:
    found = journal.hand_in(learner)
    with pytest.raises(Invalid) as refused:
        journal.judge(found, decision, workshop_leader, **said)
    assert refused.value.code == code
    assert found.state == "handed_in"


def test_a_returned_text_cannot_be_judged_before_it_comes_again(
    journal: Any, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner)
    journal.judge(found, Decision.RETURN, workshop_leader)
    with pytest.raises(Conflict) as refused:
        journal.judge(found, Decision.ACCEPT, workshop_leader)
    assert refused.value.code == "not_reviewable"


def test_an_overturned_rejection_brings_the_mark_back(
    journal: Any,
    session: Session,
    learner: User,
    colleague: User,
    workshop_leader: User,
) -> None:
    journal.hand_in(learner)
    copy = journal.hand_in(colleague)
    assert (copy.state, journal.mark(colleague)) == ("rejected", 0)
    journal.judge(copy, Decision.ACCEPT, workshop_leader)
    assert (copy.state, journal.mark(colleague)) == ("accepted", 5)
    assert [fact.revision for fact in facts(session, colleague)] == [1, 2]


def test_every_judgement_is_a_newer_revision_and_none_is_changed(
    journal: Any, session: Session, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner)
    journal.judge(found, Decision.RETURN, workshop_leader)
    journal.hand_in(learner, journal.text(1))
    journal.judge(found, Decision.ACCEPT, workshop_leader)
    history = facts(session, learner)
    assert [(fact.revision, fact.withdrawn) for fact in history] == [
        (1, False),
        (2, True),
        (3, False),
        (4, False),
    ]
    assert history[1].reason == "returned"
    assert history[3].evidence["version"] == 2


def test_scores_of_an_earlier_version_do_not_count_for_this_one(
    journal: Any, learner: User, workshop_leader: User, group_leader: User
) -> None:
    found = journal.hand_in(learner)
    journal.judge(found, Decision.RETURN, workshop_leader, score=Decimal("0.4"))
    journal.hand_in(learner, journal.text(1))
    journal.judge(found, Decision.ACCEPT, workshop_leader, score=Decimal("0.9"))
    assert found.score == Decimal("0.9")
    journal.judge(found, Decision.ACCEPT, workshop_leader, score=Decimal("0.8"))
    assert found.score == Decimal("0.8"), "who scores again has changed their mind"
    journal.judge(found, Decision.ACCEPT, group_leader, score=Decimal("0.6"))
    assert found.score == Decimal("0.7")


def test_a_rubric_makes_the_score(
    journal: Any, learner: User, workshop_leader: User, rubric: Rubric
) -> None:
    found = journal.hand_in(learner)
    said = journal.judge(
        found,
        Decision.ACCEPT,
        workshop_leader,
        score=Decimal(1),
        levels={"evidence": 1, "thought": 0, "made_up": 7},
    )
    assert said.score == Decimal("0.625")
    assert said.rubric == {"evidence": 1, "thought": 0}


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ({"evidence": 2, "thought": 0}, "level_unknown"),
        ({"evidence": -1, "thought": 0}, "level_unknown"),
        ({"thought": 0}, "level_missing"),
    ],
)
def test_a_level_that_the_rubric_lacks_is_refused(
    journal: Any,
    learner: User,
    workshop_leader: User,
    rubric: Rubric,
    levels: dict[str, int],
    code: str,
) -> None:
    found = journal.hand_in(learner)
    with pytest.raises(Invalid) as refused:
        journal.judge(found, Decision.ACCEPT, workshop_leader, levels=levels)
    assert refused.value.code == code
    assert found.state == "handed_in"


def test_without_a_rubric_levels_are_not_kept(
    journal: Any, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner)
    said = journal.judge(found, Decision.ACCEPT, workshop_leader, levels={"x": 1})
    assert said.rubric is None


def test_only_the_author_answers_and_in_bounds(
    journal: Any, session: Session, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner)
    said = journal.judge(found, Decision.ACCEPT, workshop_leader)
    with pytest.raises(reviewing.NotFound):
        reviewing.answer_review(session, said, "谢谢", by=workshop_leader.id)
    for words, code in ((" ", "empty_answer"), ("长" * 2001, "answer_too_long")):
        with pytest.raises(Invalid) as refused:
            reviewing.answer_review(session, said, words, by=learner.id)
        assert refused.value.code == code
    reviewing.answer_review(session, said, "长" * 2000, by=learner.id)
    assert len(said.answer) == 2000
