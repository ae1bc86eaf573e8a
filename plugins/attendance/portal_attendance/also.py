"""What the event's first page says beside its sessions: seats, circulars, photos.

For who leads with where each is looked after; for others what there is to see. In
two queries, for the page is opened often.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select

from portal.api import ActivityContext, Permission
from portal_attendance.circular_models import Circular, CircularRow
from portal_attendance.keeping_models import Outcome, Photo
from portal_attendance.seat_models import Naming, SeatList, Seats, Substitution


def also(ctx: ActivityContext) -> Mapping[str, object]:
    """The data of `attendance/also.html`."""
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    found = ctx.session.execute(_numbers(ctx.activity.id)).one()._asdict()
    return {
        **found,
        "leads": leads,
        "names": bool(found["asks"]) and not leads and ctx.can(Permission.NOMINATE),
        "waiting": found["waiting"] if leads else 0,
        "circulars": _circulars(ctx, None if leads else ctx.user.id),
    }


def _numbers(here: int) -> Any:
    """How many there are of each, in one row."""
    return select(
        _count(Photo, here, Photo.removed_at.is_(None), Photo.of_list.is_(False)).label(
            "photos"
        ),
        _count(Outcome, here).label("outcomes"),
        _count(SeatList, here).label("asks"),
        select(func.coalesce(func.sum(Seats.number), 0))
        .where(Seats.activity_id == here)
        .scalar_subquery()
        .label("wanted"),
        _count(Naming, here, Naming.stands.is_(True)).label("named"),
        _count(Substitution, here, Substitution.waits.is_(True)).label("waiting"),
    )


def _count(table: Any, here: int, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    rows = select(func.count()).select_from(table)
    return rows.where(table.activity_id == here, *where).scalar_subquery()


def _circulars(ctx: ActivityContext, reader: int | None) -> Sequence[Circular]:
    """All circulars, or those that name the reader; the newest first."""
    rows = select(Circular).where(Circular.activity_id == ctx.activity.id)
    if reader is not None:
        named = CircularRow.user_id == reader, CircularRow.circular_id == Circular.id
        rows = rows.where(exists().where(*named))
    return ctx.session.scalars(rows.order_by(Circular.number.desc())).all()
