"""Handing in: borders of windows, lengths and shares, versions, and repetition."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Decision
from portal.db import set_tenant
from portal.errors import Conflict, Invalid
from portal.submissions import drafts, likeness
from portal.submissions.models import Draft, SubmissionVersion
from portal.submissions.text import shingles, similarity
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import CountQueries
from portal.users.models import User
from portal.workshops.models import Extension

BLINK = timedelta(microseconds=1)
WEEK = timedelta(days=7)


def like(share: Decimal, base: str, filler: str) -> str:
    """A text as long as `base` whose share of shingles in it is exactly this."""
    wanted = int(share * (len(base) - 4))
    copied = base[: wanted + 4]
    return copied + filler[: len(base) - len(copied)]


# When


@pytest.mark.parametrize(
    ("after", "code"),
    [(-BLINK, "not_open_yet"), (2 * WEEK + BLINK, "closed")],
)
def test_outside_its_window_nothing_is_taken(
    journal: Any, learner: User, after: timedelta, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        journal.hand_in(learner, at=journal.opens + after)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("after", "mark", "late"),
    [
        (timedelta(0), "5", 0),
        (WEEK - BLINK, "5", 0),
        (WEEK, "2.5", 1),
        (WEEK + BLINK, "2.5", 1),
        (2 * WEEK, "2.5", 7 * 24 * 3600),
    ],
)
def test_a_window_holds_its_opening_and_its_late_limit_and_not_its_due_time(
    journal: Any, learner: User, after: timedelta, mark: str, late: int
) -> None:
    found = journal.hand_in(learner, at=journal.opens + after)
    assert journal.mark(learner) == Decimal(mark)
    assert found.versions[0].late_seconds == late


def test_an_extension_moves_the_border_for_one_person(
    journal: Any, session: Session, learner: User, colleague: User
) -> None:
    session.add(
        Extension(
            activity_id=journal.activity.id,
            user_id=learner.id,
            slot_key=journal.key,
            hours=24,
        )
    )
    journal.hand_in(learner, at=journal.due + timedelta(days=1) - BLINK)
    journal.hand_in(colleague, journal.text(1))
    assert journal.mark(learner) == 5
    assert journal.mark(colleague) == Decimal("2.5")


# Returned


@pytest.mark.parametrize(
    ("after", "mark"), [(WEEK, "5"), (WEEK + BLINK, "2.5")], ids=["within", "outside"]
)
def test_a_text_resubmitted_within_seven_days_keeps_its_time(
    journal: Any, learner: User, workshop_leader: User, after: timedelta, mark: str
) -> None:
    returned = journal.due - timedelta(days=3)
    found = journal.hand_in(learner, at=journal.opens)
    journal.judge(found, Decision.RETURN, workshop_leader, at=returned)
    journal.hand_in(learner, journal.text(1), at=returned + after)
    assert journal.mark(learner) == Decimal(mark)


def test_after_the_slot_closed_the_return_window_still_takes_the_text(
    journal: Any, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner, at=journal.opens)
    at = journal.late_until + timedelta(days=2)
    journal.judge(found, Decision.RETURN, workshop_leader, at=at)
    with pytest.raises(Invalid) as refused:
        journal.hand_in(learner, journal.text(1), at=at + WEEK + BLINK)
    assert refused.value.code == "closed"
    journal.hand_in(learner, journal.text(1), at=at + WEEK)
    assert found.state == "handed_in"
    assert journal.mark(learner) == 5


def test_what_became_late_stays_late_when_it_is_returned_again(
    journal: Any, learner: User, workshop_leader: User
) -> None:
    """A second return gave the first time back, and with it the full mark."""
    found = journal.hand_in(learner, at=journal.opens)
    journal.judge(found, Decision.RETURN, workshop_leader)
    journal.hand_in(learner, journal.text(1), at=journal.due + timedelta(days=1))
    journal.judge(found, Decision.RETURN, workshop_leader)
    journal.hand_in(learner, journal.text(2), at=journal.due + timedelta(days=2))
    assert journal.mark(learner) == Decimal("2.5")


# How long


@pytest.mark.parametrize(("length", "taken"), [(99, False), (100, True)])
def test_the_least_length_is_enough(
    journal: Any, learner: User, length: int, taken: bool
) -> None:
    text = journal.text(0, length)
    if taken:
        assert journal.hand_in(learner, text).versions[0].length == length
    else:
        with pytest.raises(Invalid) as refused:
            journal.hand_in(learner, text)
        assert refused.value.params["missing"] == 1


@pytest.mark.parametrize(("length", "taken"), [(150, True), (151, False)])
def test_the_most_length_is_still_taken(
    journal: Any, learner: User, length: int, taken: bool
) -> None:
    journal.activity.settings = {"max_length": 150}
    text = journal.text(0, length)
    if taken:
        assert journal.hand_in(learner, text).versions[0].length == length
    else:
        with pytest.raises(Invalid) as refused:
            journal.hand_in(learner, text)
        assert refused.value.code == "too_long"


# How alike


@pytest.mark.parametrize(
    ("share", "state"),
    [
        ("0.49", "handed_in"),
        ("0.50", "held"),
        ("0.79", "held"),
        ("0.80", "rejected"),
        ("1", "rejected"),
    ],
)
def test_a_text_is_held_at_half_and_rejected_at_four_fifths(
    journal: Any, learner: User, colleague: User, share: str, state: str
) -> None:
    base = journal.text(0, 104)
    text = like(Decimal(share), base, journal.text(1, 104))
    assert similarity(text, base) == Decimal(share)
    journal.hand_in(learner, base)
    found = journal.hand_in(colleague, text)
    assert found.state == state
    assert found.versions[0].similarity == Decimal(share)


def test_a_share_below_a_limit_is_not_shown_as_the_limit(
    journal: Any, learner: User, colleague: User
) -> None:
    """15999 of 20000 are under 0.80, and 0.79995 rounded up would say otherwise."""
    journal.activity.settings = {"reject_percent": 80}
    base = "".join(chr(0x4E00 + place) for place in range(20003)) + "甲"
    copied = base[: 15999 + 4]
    text = copied + "".join(chr(0xAC00 + n) for n in range(4001))
    share = similarity(text, base)
    assert Decimal("0.79995") <= share < Decimal("0.80")
    journal.hand_in(learner, base)
    found = journal.hand_in(colleague, text)
    assert found.state == "held"
    assert found.versions[0].similarity == Decimal("0.7999")


def test_own_versions_are_not_compared_and_own_other_weeks_are(
    journal: Any, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner, at=journal.opens)
    journal.judge(found, Decision.RETURN, workshop_leader)
    journal.hand_in(learner, journal.text(0) + "补上证据")
    assert found.versions[1].similarity == 0
    second = journal.hand_in(learner, at=journal.due, key="week:2024-W37")
    assert second.state == "rejected"


def test_another_county_is_not_compared_with(
    journal: Any, session: Session, learner: User, other_tenant: Tenant
) -> None:
    journal.hand_in(learner)
    found = likeness.most_alike(
        session, journal.text(0), tenant_id=other_tenant.id, submission_id=0
    )
    assert found.version_id is None
    set_tenant(session, learner.tenant_id)


def test_the_search_asks_once_whatever_there_is_to_compare(
    journal: Any,
    session: Session,
    learner: User,
    workshop: Any,
    count_queries: CountQueries,
) -> None:
    text = journal.text(0)
    for number in range(60):
        other = factories.make_user(session, f"教师{number}")
        factories.enrol(session, workshop, other)
        journal.hand_in(other, text[number:] + journal.text(number + 1, number))
    with count_queries() as asked:
        found = likeness.most_alike(
            session, text, tenant_id=learner.tenant_id, submission_id=0
        )
    assert found.share == 1
    assert len(asked) == 1


def test_the_likest_is_found_among_more_copies_than_are_compared(
    journal: Any, session: Session, learner: User, workshop: Any
) -> None:
    """More people share the first half than are looked at; one has it all."""
    text = journal.text(0)
    for number in range(likeness.CANDIDATES + 10):
        other = factories.make_user(session, f"教师{number}")
        factories.enrol(session, workshop, other)
        journal.hand_in(other, text[:60] + journal.text(number + 1, 60))
    whole = journal.hand_in(learner, text)
    found = likeness.most_alike(
        session, text, tenant_id=learner.tenant_id, submission_id=0
    )
    assert (found.share, found.version_id) == (1, whole.versions[0].id)


# Versions


def test_versions_are_appended_and_never_changed(
    journal: Any, session: Session, learner: User, workshop_leader: User
) -> None:
    found = journal.hand_in(learner)
    first = found.versions[0]
    before = (first.text, first.html, first.digest, first.handed_in_at)
    journal.judge(found, Decision.RETURN, workshop_leader)
    journal.hand_in(learner, journal.text(1), at=journal.opens + timedelta(hours=1))
    session.expire_all()
    assert [version.number for version in found.versions] == [1, 2]
    first = found.versions[0]
    assert (first.text, first.html, first.digest, first.handed_in_at) == before


def test_the_same_answer_again_is_the_same_version(journal: Any, learner: User) -> None:
    first = journal.hand_in(learner).versions[0]
    found = journal.hand_in(learner, at=journal.opens + timedelta(hours=1))
    assert found.versions == [first]


def test_another_answer_does_not_replace_one_that_is_handed_in(
    journal: Any, learner: User
) -> None:
    found = journal.hand_in(learner)
    with pytest.raises(Conflict):
        journal.hand_in(learner, journal.text(1))
    assert [version.text for version in found.versions] == [journal.text(0)]


# Drafts


def test_an_old_window_does_not_empty_a_returned_text(
    journal: Any, session: Session, learner: User, workshop_leader: User
) -> None:
    """Its save is refused, and the text to revise is still the returned one."""
    found = journal.hand_in(learner)
    journal.judge(found, Decision.RETURN, workshop_leader)
    with pytest.raises(drafts.StaleDraft) as stale:
        drafts.save_draft(session, found, {"text": "旧窗口"}, counter=5)
    session.flush()
    assert stale.value.draft.answer == {"text": journal.text(0)}
    assert session.scalars(select(Draft)).all() == []


def test_a_long_title_of_a_slot_is_cut(journal: Any, learner: User) -> None:
    from dataclasses import replace

    slot = replace(journal.slot(learner), title="长" * 300)
    found = drafts.begin(
        journal.session, journal.activity, learner.id, slot, journal.key
    )
    assert found.slot_title == "长" * 120


def test_a_version_knows_what_it_is_like(
    journal: Any, session: Session, learner: User, colleague: User
) -> None:
    original = journal.hand_in(learner)
    copy = journal.hand_in(colleague)
    version = session.get_one(SubmissionVersion, copy.versions[0].id)
    assert version.similar_to_id == original.versions[0].id
    assert shingles(journal.text(0))
