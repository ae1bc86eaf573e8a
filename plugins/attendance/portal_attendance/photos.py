"""Photos of the event, of its list on paper, and the lecturer's result (成果).

Who takes part gives photos as well as who leads; one that the leader takes down is
not counted, and stays with the reason. Once the event is closed nothing is added; what
must not stand is still taken back by who leads, with a reason that stays: a photo here,
notes on the desk. Pictures are made anew by the core, without
what a camera writes into them.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from portal.api import (
    ActivityContext,
    Conflict,
    Evidence,
    Forbidden,
    Invalid,
    NotFound,
    Permission,
    PersonRef,
)
from portal_attendance.keeping_models import Outcome, Photo, PhotoCount
from portal_attendance.rule_settings import MOST_PHOTOS
from portal_attendance.seats import LARGEST_ID
from portal_attendance.sessions import is_closed_for_good, must_not_be_closed

KEY = "photos"
"""The fact that one gave photos."""

LONGEST_TEXT = 5000


def photos(ctx: ActivityContext, *, of_list: bool | None = None) -> Sequence[Photo]:
    """The photos of the event that stand, the earliest first."""
    rows = (
        select(Photo)
        .where(Photo.activity_id == ctx.activity.id, Photo.removed_at.is_(None))
        .order_by(Photo.id)
    )
    if of_list is not None:
        rows = rows.where(Photo.of_list.is_(of_list))
    return ctx.session.scalars(rows).all()


def taken_down(ctx: ActivityContext) -> Sequence[Photo]:
    """The photos that stand no more, the latest first: for who leads."""
    return ctx.session.scalars(
        select(Photo)
        .where(Photo.activity_id == ctx.activity.id, Photo.removed_at.is_not(None))
        .order_by(Photo.removed_at.desc(), Photo.id)
    ).all()


def photo_in(ctx: ActivityContext, photo_id: int) -> Photo:
    """The photo of this id, one that was taken down only for who leads.

    Raises:
        NotFound: there is none to be seen.
    """
    found = ctx.session.get(Photo, min(photo_id, LARGEST_ID))
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    if found.removed_at and not ctx.can(Permission.EDIT_WORKSHOP):
        raise NotFound
    return found


def add(
    ctx: ActivityContext,
    uploads: Sequence[FileStorage],
    *,
    caption: str = "",
    of_list: bool = False,
) -> int:
    """Keep photos; the same one twice is one. Says how many are new.

    Raises:
        Invalid: "no_photo", "not_a_picture", "too_many_photos", or as the core says.
        Conflict: "photo_removed", "event_closed".
        Forbidden: a list on paper by who does not lead.
    """
    must_not_be_closed(ctx)
    chosen = [upload for upload in uploads if upload and upload.filename]
    if not chosen:
        raise Invalid("no_photo")
    if of_list and not ctx.can(Permission.EDIT_WORKSHOP):
        raise Forbidden
    if len(photos(ctx)) + len(chosen) > MOST_PHOTOS:
        raise Invalid("too_many_photos", most=MOST_PHOTOS)
    new = sum(_add(ctx, one, caption.strip(), of_list=of_list) for one in chosen)
    _report(ctx, ctx.user)
    return new


def _add(
    ctx: ActivityContext, upload: FileStorage, caption: str, *, of_list: bool
) -> bool:
    file = ctx.store(upload)
    if not file.media_type.startswith("image/"):
        raise Invalid("not_a_picture", name=file.name)
    row = Photo(
        activity_id=ctx.activity.id,
        user_id=ctx.user.id,
        of_list=of_list,
        digest=file.digest,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        caption=caption,
        at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(row)
    except IntegrityError as error:
        known = ctx.session.scalars(
            select(Photo).where(
                Photo.activity_id == ctx.activity.id, Photo.digest == file.digest
            )
        ).one()
        if known.removed_at:
            raise Conflict("photo_removed", name=file.name) from error
        known.of_list = known.of_list or of_list
        return False
    return True


def take_down(ctx: ActivityContext, photo_id: int, reason: str) -> None:
    """Take a photo down: one's own, or any for who leads, with a reason.

    Once the event is closed only who leads does, with a reason for their own, too: the
    archive says that it was there, and why it is not any more.

    Raises:
        NotFound: there is none to be seen.
        Forbidden: it is another's, and one does not lead.
        Invalid: "reason_missing" for another's, or once the event is closed.
        Conflict: "photo_archived": the event is closed, and one does not lead.
    """
    row = photo_in(ctx, photo_id)
    own, leads = row.user_id == ctx.user.id, ctx.can(Permission.EDIT_WORKSHOP)
    if not own and not leads:
        raise Forbidden
    closed = is_closed_for_good(ctx)
    if closed and not leads:
        raise Conflict("photo_archived")
    if (closed or not own) and not reason.strip():
        raise Invalid("reason_missing")
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by_id = ctx.now, ctx.user.id
    row.remove_reason = reason.strip()
    ctx.session.flush()
    _report(ctx, PersonRef(row.user_id, ""))


def _report(ctx: ActivityContext, person: PersonRef) -> None:
    """Report how many photos of the event a participant gave."""
    if not any(one.id == person.id for one in ctx.participants()):
        return
    many = ctx.session.scalar(
        select(func.count()).where(
            Photo.activity_id == ctx.activity.id,
            Photo.user_id == person.id,
            Photo.of_list.is_(False),
            Photo.removed_at.is_(None),
        )
    )
    row = _count_of(ctx, person)
    row.revision += 1
    ctx.session.flush()
    if not many:
        ctx.withdraw(KEY, row.revision, "no photo is left", person)
        return
    ctx.complete(
        KEY,
        row.revision,
        {"photos": many},
        Evidence({"photos": many}),
        occurred_at=ctx.now,
        person=person,
    )


def _count_of(ctx: ActivityContext, person: PersonRef) -> PhotoCount:
    wanted = (
        select(PhotoCount)
        .where(
            PhotoCount.activity_id == ctx.activity.id, PhotoCount.user_id == person.id
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = ctx.session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    new = PhotoCount(activity_id=ctx.activity.id, user_id=person.id, revision=0)
    try:
        with ctx.session.begin_nested():
            ctx.session.add(new)
    except IntegrityError:
        return ctx.session.scalars(wanted).one()
    return new


# The lecturer's result


def outcome(ctx: ActivityContext) -> Outcome | None:
    """The newest version of the lecturer's result."""
    return ctx.session.scalars(
        select(Outcome)
        .where(Outcome.activity_id == ctx.activity.id)
        .order_by(Outcome.number.desc())
        .limit(1)
    ).first()


def set_outcome(ctx: ActivityContext, text: str, upload: FileStorage | None) -> Outcome:
    """Keep the result as its next version; the same again is the same version.

    Without a new file the file stays.

    Raises:
        Invalid: "outcome_empty", "outcome_too_long", or as the core says of the file.
        Conflict: "event_closed"; "decided_meanwhile": somebody else saved one at this
            moment.
    """
    must_not_be_closed(ctx)
    before = outcome(ctx)
    words = text.strip()
    given = upload if upload and upload.filename else None
    if len(words) > LONGEST_TEXT:
        raise Invalid("outcome_too_long", most=LONGEST_TEXT)
    file = ctx.store(given) if given else before.file if before else None
    if not words and file is None:
        raise Invalid("outcome_empty")
    if before and (before.text, before.file) == (words, file):
        return before
    row = Outcome(
        activity_id=ctx.activity.id,
        number=before.number + 1 if before else 1,
        text=words,
        at=ctx.now,
        by_id=ctx.user.id,
        by=ctx.user.name,
    )
    if file is not None:
        row.digest, row.name = file.digest, file.name
        row.media_type, row.size = file.media_type, file.size
    try:
        with ctx.session.begin_nested():
            ctx.session.add(row)
    except IntegrityError as error:
        raise Conflict("decided_meanwhile") from error
    return row
