"""Teachers who change schools: the new school asks, the county settles.

The person stays one person: what they wrote and earned hangs on them and not on a
school, so it goes along without anything being moved (features F113, F124).
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.organisations.models import (
    Membership,
    Organisation,
    Posting,
    PostingKind,
)
from portal.organisations.queries import lasts, today
from portal.organisations.service import post
from portal.roster.models import TransferRequest, TransferState
from portal.roster.newcomers import welcome
from portal.users.models import User

NOTE_LENGTH = 2
"""The fewest characters of the note with which a request is refused."""


def ask(
    session: Session, user_id: int, school_id: int, *, by_id: int | None
) -> TransferRequest:
    """Ask that a person come onto the books of a school; once while it is open."""
    open_request = session.scalars(
        select(TransferRequest).where(
            TransferRequest.user_id == user_id,
            TransferRequest.to_organisation_id == school_id,
            TransferRequest.state == TransferState.ASKED,
        )
    ).first()
    if open_request is not None:
        return open_request
    home = home_school(session, user_id)
    request = TransferRequest(
        user_id=user_id,
        from_organisation_id=home.id if home else None,
        to_organisation_id=school_id,
        asked_at=clock.now(),
        asked_by_id=by_id,
    )
    session.add(request)
    session.flush()
    return request


def home_school(session: Session, user_id: int) -> Organisation | None:
    """The school on whose books the person is today."""
    return session.scalars(
        select(Organisation)
        .join(Posting, Posting.organisation_id == Organisation.id)
        .where(
            Posting.user_id == user_id,
            Posting.kind == PostingKind.HOME,
            lasts(Posting, today(session)),
        )
    ).first()


def roles_left_behind(session: Session, request: TransferRequest) -> list[Membership]:
    """Roles that the person holds at the old school. A transfer does not end them:
    whoever settles it is shown them, and ends them where they should end.
    """
    if request.from_organisation_id is None:
        return []
    rows = session.scalars(
        select(Membership).where(
            Membership.user_id == request.user_id,
            Membership.organisation_id == request.from_organisation_id,
            lasts(Membership, today(session)),
        )
    )
    return list(rows)


def confirm(
    session: Session, request: TransferRequest, *, starts_on: date, by_id: int
) -> None:
    """Let the person be on the new school's books from a day on.

    The old posting ends that day. Confirming twice changes nothing.

    Raises:
        Conflict: "transfer_settled": it was refused before.
        Invalid: "transfer_before_posting": the person came to the old school on
            that day or later.
    """
    if _settled(session, request, TransferState.CONFIRMED):
        return
    user = session.get_one(User, request.user_id)
    _refuse_too_early(session, user, starts_on)
    post(session, user, request.to_organisation, starts_on=starts_on)
    _settle(request, TransferState.CONFIRMED, by_id)
    record(
        session,
        by_id,
        "transfer.confirmed",
        user,
        from_id=request.from_organisation_id,
        to_id=request.to_organisation_id,
        starts_on=starts_on.isoformat(),
    )
    welcome(session, [user.id])


def _refuse_too_early(session: Session, user: User, starts_on: date) -> None:
    """Refuse a day that would wipe out a posting instead of ending it."""
    latest = session.scalars(
        select(Posting.starts_on)
        .where(Posting.user_id == user.id, Posting.kind == PostingKind.HOME)
        .order_by(Posting.starts_on.desc())
    ).first()
    if latest is not None and starts_on <= latest:
        raise Invalid("transfer_before_posting", day=latest)


def refuse(
    session: Session, request: TransferRequest, *, note: str, by_id: int
) -> None:
    """Leave the person where they are, and say why. Refusing twice changes nothing.

    Raises:
        Conflict: "transfer_settled": it was confirmed before.
        Invalid: "note_missing".
    """
    if len(note.strip()) < NOTE_LENGTH:
        raise Invalid("note_missing", minimum=NOTE_LENGTH)
    if _settled(session, request, TransferState.REFUSED):
        return
    request.note = note.strip()[:200]
    _settle(request, TransferState.REFUSED, by_id)
    user = session.get_one(User, request.user_id)
    record(session, by_id, "transfer.refused", user, to_id=request.to_organisation_id)


def _settled(session: Session, request: TransferRequest, wanted: TransferState) -> bool:
    """Whether it was settled so already; locks the request until the end."""
    session.refresh(request, with_for_update=True)
    if request.state == TransferState.ASKED:
        return False
    if request.state == wanted:
        return True
    raise Conflict("transfer_settled")


def _settle(request: TransferRequest, state: TransferState, by_id: int) -> None:
    request.state = state
    request.settled_at = clock.now()
    request.settled_by_id = by_id
