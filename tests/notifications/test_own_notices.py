"""What the portal itself tells people, in the transaction in which it happens."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import SubmissionState
from portal.clock import now
from portal.events import Accepted, Held, LeaveDecided, Rejected, Returned, publish
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.notifications.words import body_of, title_of
from portal.submissions.judging import event_of
from portal.submissions.models import Review, Submission, SubmissionVersion
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopGroup

pytestmark = pytest.mark.one_database

Got = Callable[[Notice], set[str]]


@pytest.fixture
def submission(
    session: Session,
    workshop: Workshop,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    stranger: User,
) -> Submission:
    """A journal that the learner handed in."""
    activity = factories.make_activity(session, workshop, "journal")
    found = Submission(
        activity=activity,
        user_id=learner.id,
        slot_key="week:2024-W36",
        slot_title="第 1 周",
        state=SubmissionState.HANDED_IN,
        handed_in_at=now(),
    )
    session.add(found)
    session.flush()
    session.add(
        SubmissionVersion(
            submission_id=found.id,
            number=1,
            answer={},
            text="",
            html="",
            sanitiser_version=1,
            length=0,
            digest="",
            handed_in_at=now(),
            counts_as_at=now(),
        )
    )
    session.flush()
    return found


def review(
    session: Session, submission: Submission, by: User, *, remark: str = ""
) -> None:
    submission.reviews.append(
        Review(
            version_id=submission.versions[-1].id,
            reviewer_id=by.id,
            purpose="review",
            round=1,
            decision="accept",
            remark=remark,
            advice="",
            at=now(),
        )
    )
    session.flush()


def the_notice(session: Session) -> Notice:
    return session.scalars(select(Notice)).one()


def none(session: Session) -> bool:
    return session.scalars(select(Notice)).first() is None


def test_a_return_tells_the_author_what_to_mend(
    session: Session,
    submission: Submission,
    workshop_leader: User,
    got: Got,
    as_user: AsUser,
    learner: User,
) -> None:
    advice = "请写出学生的原话。"
    publish(
        session,
        Returned(**event_of(submission), advice=advice, by_id=workshop_leader.id),
    )
    session.commit()

    notice = the_notice(session)
    assert got(notice) == {"陈晓燕"}
    assert notice.kind == NoticeKind.RETURNED
    page = as_user(learner).get(f"/notices/{notice.id}").text
    assert "“第 1 周”已退回，请修改后再交" in page
    assert "修改意见：请写出学生的原话。" in page
    assert f"/submissions/{submission.id}" in page


def test_a_notice_is_lost_with_the_deed_it_tells_of(
    session: Session, submission: Submission, workshop_leader: User
) -> None:
    session.commit()
    publish(
        session,
        Returned(**event_of(submission), advice="改", by_id=workshop_leader.id),
    )
    session.rollback()

    assert none(session)


def test_a_remark_is_news(
    session: Session, submission: Submission, workshop_leader: User, got: Got
) -> None:
    review(session, submission, workshop_leader, remark="片段写得真。")
    publish(session, Accepted(**event_of(submission), by_id=workshop_leader.id))

    assert got(the_notice(session)) == {"陈晓燕"}
    assert the_notice(session).params["remark"] == "片段写得真。"


def test_a_mere_pass_is_none(
    session: Session, submission: Submission, workshop_leader: User
) -> None:
    review(session, submission, workshop_leader)
    publish(session, Accepted(**event_of(submission), by_id=workshop_leader.id))
    publish(session, Accepted(**event_of(submission), by_id=None))

    assert none(session)


def test_a_held_text_is_told_to_its_leaders_and_accuses_nobody(
    session: Session, submission: Submission, got: Got
) -> None:
    publish(session, Held(**event_of(submission), similarity_percent=38))

    assert got(the_notice(session)) == {"林志远", "周文彬"}
    assert the_notice(session).params["percent"] == 38


def test_a_stand_in_of_another_group_is_not_told(
    session: Session,
    submission: Submission,
    workshop: Workshop,
    other_group: WorkshopGroup,
    got: Got,
) -> None:
    other = factories.make_user(session, "别组组长")
    factories.enrol(session, workshop, other, "group_leader", other_group)
    publish(session, Held(**event_of(submission), similarity_percent=38))

    assert "别组组长" not in got(the_notice(session))


def test_a_copy_is_told_to_the_author_and_to_the_leaders(
    session: Session, submission: Submission, got: Got
) -> None:
    publish(session, Rejected(**event_of(submission), reason="copied"))

    told = {n.code: got(n) for n in session.scalars(select(Notice))}
    assert told == {"copied": {"陈晓燕"}, "copied_in_group": {"林志远", "周文彬"}}


def test_a_rejection_by_a_person_is_told_to_the_author_with_its_reason(
    session: Session, submission: Submission, workshop_leader: User, got: Got
) -> None:
    publish(
        session,
        Rejected(
            **event_of(submission), reason="与要求不符。", by_id=workshop_leader.id
        ),
    )

    assert got(the_notice(session)) == {"陈晓燕"}
    assert the_notice(session).params["reason"] == "与要求不符。"


@pytest.mark.parametrize(
    ("approved", "code"), [(True, "leave_approved"), (False, "leave_refused")]
)
def test_a_decided_leave_is_told_to_who_asked(
    session: Session,
    workshop: Workshop,
    learner: User,
    county_officer: User,
    got: Got,
    approved: bool,
    code: str,
) -> None:
    publish(
        session,
        LeaveDecided(
            tenant_id=workshop.tenant_id,
            organisation_id=workshop.organisation_id,
            at=now(),
            leave_id=1,
            user_id=learner.id,
            approved=approved,
            starts_at=now(),
            ends_at=now(),
            refusal="" if approved else "材料不全。",
            by_id=county_officer.id,
        ),
    )

    assert the_notice(session).code == code
    assert got(the_notice(session)) == {"陈晓燕"}


def test_a_long_remark_is_cut(
    session: Session, submission: Submission, workshop_leader: User
) -> None:
    publish(
        session,
        Returned(**event_of(submission), advice="改" * 900, by_id=workshop_leader.id),
    )

    assert the_notice(session).params["advice"] == "改" * 299 + "…"


def test_a_code_that_a_newer_portal_wrote_is_still_a_notice(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    learner: User,
) -> None:
    notice = Notice(
        kind=NoticeKind.NOTICE, code="from_the_future", params={}, created_at=now()
    )
    session.add(notice)
    session.flush()
    session.add(NoticeReceipt(notice_id=notice.id, user_id=learner.id))
    session.commit()

    assert as_user(learner).get("/notices").status_code == 200


def test_every_code_has_words_that_fit_its_parameters(app: object) -> None:
    from flask import Flask

    from portal.notifications import words

    assert isinstance(app, Flask)
    params = {
        "slot": "第 1 周",
        "activity": "周记",
        "advice": "改",
        "remark": "好",
        "reason": "缘由",
        "name": "陈晓燕",
        "percent": 38,
        "title": "语文工作坊",
        "hours": "18",
        "credits": "3.0",
        "entry_id": 1,
        "claim_id": 1,
        "codes": ["NO_EVIDENCE"],
        "year": 2024,
        "due": "2024-09-08T16:00:00+00:00",
        "submission_id": 1,
        "activity_id": 1,
        "slot_key": "week:2024-W36",
    }
    with app.test_request_context():
        for code in words._WORDINGS:
            notice = Notice(code=code, params=params)
            assert title_of(notice), code
            assert "%" not in body_of(notice).replace("38%", ""), code
            words.link_of(notice)
