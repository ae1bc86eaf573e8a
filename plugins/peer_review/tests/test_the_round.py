"""The whole way of a peer review, and what becomes of those who are late or leave."""

from collections import Counter
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from plugins.peer_review.tests.acting import (
    ENDS,
    NAMES,
    SUBMITTED,
    Round,
    words_of,
)
from portal.notifications.models import Notice
from portal.submissions.models import Assignment
from portal.users.models import User
from portal.workshops.enrolment import remove
from portal.workshops.models import Enrolment


def duty_of(browser: FlaskClient) -> bool:
    """Whether My study asks the person to assess."""
    return "评阅" in words_of(browser.get("/").text)


def test_at_the_end_of_submission_every_work_gets_three_reviewers(
    peer_review: Round,
) -> None:
    people = peer_review.begin()
    rows = peer_review.allocations()

    assert Counter(row.author_id for row in rows) == {p.id: 3 for p in people}
    assert Counter(row.reviewer_id for row in rows) == {p.id: 3 for p in people}
    assert all(row.author_id != row.reviewer_id for row in rows)


def test_nothing_is_given_out_before_the_submission_ends(peer_review: Round) -> None:
    people = peer_review.enrol(*NAMES[:4])
    peer_review.write(*people)
    peer_review.clock.set(SUBMITTED - timedelta(seconds=1))
    peer_review.keep()

    assert not peer_review.allocations()


def test_the_job_twice_changes_nothing(peer_review: Round) -> None:
    peer_review.begin()
    before = [(row.id, row.reviewer_id) for row in peer_review.allocations()]
    notices = len(peer_review.session.scalars(select(Notice)).all())

    peer_review.keep()

    assert before == [(row.id, row.reviewer_id) for row in peer_review.allocations()]
    assert len(peer_review.session.scalars(select(Notice)).all()) == notices == 1


def test_a_reviewer_owes_the_works_until_all_are_assessed(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    browser = peer_review.as_user(person)
    assert "评阅 3 篇作品" in words_of(browser.get("/").text)

    peer_review.assess(person, 1)
    assert "评阅 2 篇作品" in words_of(browser.get("/").text)
    peer_review.assess(person, 2)
    peer_review.assess(person, 3)

    assert not duty_of(browser)


def test_after_the_assessment_nobody_owes_it_any_longer(peer_review: Round) -> None:
    person = peer_review.begin()[0]
    peer_review.finish()

    assert not duty_of(peer_review.as_user(person))


def test_a_late_work_gets_reviewers_when_it_comes(peer_review: Round) -> None:
    people = peer_review.enrol(*NAMES[:5])
    peer_review.write(*people[:4])
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    late = people[4]
    assert not [r for r in peer_review.allocations() if r.author_id == late.id]

    peer_review.clock.move(days=1)
    peer_review.write(late)

    rows = [r for r in peer_review.allocations() if r.author_id == late.id]
    assert [row.origin for row in rows] == ["arrival"] * 3
    told = words_of(peer_review.as_user(people[0]).get("/notices").text)
    assert ("又有一篇作品请您评阅" in told) is (
        people[0].id in {row.reviewer_id for row in rows}
    )


def test_who_leaves_is_replaced_and_what_they_said_stays(peer_review: Round) -> None:
    people = peer_review.begin()
    gone = people[0]
    peer_review.assess(gone, 1)
    peer_review.clock.move(hours=1)
    enrolment = peer_review.session.scalars(
        select(Enrolment).where(Enrolment.user_id == gone.id)
    ).one()
    remove(peer_review.session, enrolment, reason="调离", by_id=None)
    peer_review.tell()
    peer_review.clock.move(minutes=5)
    peer_review.keep()

    mine = [r for r in peer_review.allocations() if r.reviewer_id == gone.id]
    assert sorted(row.void_reason for row in mine) == ["", "left", "left"]
    others = [
        r for r in peer_review.allocations() if r.stands and r.author_id != gone.id
    ]
    assert set(Counter(row.author_id for row in others).values()) == {3}
    void = {row.submission_id for row in mine if not row.stands}
    assignments = peer_review.session.scalars(
        select(Assignment).where(Assignment.reviewer_id == gone.id)
    )
    assert {a.submission_id for a in assignments if a.void_reason} == void


def test_who_wrote_nothing_reviews_only_where_everybody_does(
    peer_review: Round,
) -> None:
    people = peer_review.enrol(*NAMES[:5])
    peer_review.write(*people[:4])
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    assert not peer_review.given_to(people[4])

    peer_review.clock.move(days=-1)
    peer_review.make(everybody=True)
    peer_review.write(*people[:4])
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    assert len(peer_review.given_to(people[4])) in (2, 3)


def test_marks_are_told_when_the_results_are_out(peer_review: Round) -> None:
    people = peer_review.begin()
    peer_review.assess_all()
    assert peer_review.facts(people[0]) == {}

    peer_review.finish()

    facts = peer_review.facts(people[0])
    assert facts["work"]["submission_score"] == "94.00"
    assert facts["work"]["entries"] == "1"
    assert facts["reviewing"] == {"assessments": "3", "assessment_share": "1.0000"}


def test_a_missing_assessment_lowers_the_share_and_not_the_mark(
    peer_review: Round,
) -> None:
    people = peer_review.begin()
    for person in people[1:]:
        for row in peer_review.given_to(person):
            peer_review.assess(person, row.author_number)
    peer_review.assess(people[0], 1)
    peer_review.finish()

    assert peer_review.facts(people[0])["reviewing"] == {
        "assessments": "1",
        "assessment_share": "0.3333",
    }
    scores = {peer_review.facts(p)["work"]["submission_score"] for p in people}
    assert scores == {"94.00"}


def test_a_work_that_too_few_assessed_stays_open(peer_review: Round) -> None:
    peer_review.make(minimum=2)
    people = peer_review.begin()
    peer_review.assess(people[0], 1)
    peer_review.finish()

    assert all("work" not in peer_review.facts(person) for person in people)
    assert peer_review.facts(people[0])["reviewing"]["assessments"] == "1"


def test_the_author_reads_what_was_said_when_the_results_are_out(
    peer_review: Round,
) -> None:
    person: User = peer_review.begin()[0]
    peer_review.assess_all()
    peer_review.clock.set(ENDS - timedelta(seconds=1))
    browser = peer_review.as_user(person)
    assert "建议补上板书" not in browser.get(peer_review.page()).text

    peer_review.finish()

    page = words_of(browser.get(peer_review.page()).text)
    assert page.count("建议补上板书") == 3
    assert "评委甲：94.00 分" in page
    assert "3/3" in page
    assert "互评结果已公布" in words_of(browser.get("/notices").text)
