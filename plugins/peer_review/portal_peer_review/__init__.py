"""同伴互评： peer review, double blind. Own tables, pages, and work by the clock."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.api import (
    Accepted,
    ActivityType,
    Event,
    HandedIn,
    Job,
    Rejected,
    Returned,
    hookimpl,
    open_activity,
)
from portal_peer_review.activity import PeerReview
from portal_peer_review.keeping import changed, keep_all

peer_review = PeerReview()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the peer review."""
    return [peer_review]


@hookimpl
def portal_jobs() -> Iterable[Job]:
    """What the dates call for: allocation, opening, closing; and what events missed."""
    return [Job("keep", timedelta(minutes=5), keep_all)]


@hookimpl
def portal_on_event(event: Event, session: Session) -> None:
    """Give a late work to reviewers at once; tell what a leader's decision changed."""
    match event:
        case HandedIn() | Accepted() | Returned() | Rejected():
            if event.activity_type == peer_review.name:
                changed(open_activity(session, event.activity_id))
