"""What a mark is worth as a fact: one for each session, and one for the event."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import func, select

from portal.api import ActivityContext, Evidence, Measures, PersonRef
from portal_attendance.models import Entry, Mark, Session, Standing
from portal_attendance.sessions import lecturer_of, place_of, theme_of

WHOLE = "event"
"""Key of the fact that one took part in the event at all."""


def key_of(session: Session) -> str:
    """The key of a session's fact and of its duty."""
    return f"session:{session.number}"


def measures_of(standing: Standing, class_hours: Decimal) -> Measures:
    """The amounts of one person in one session, those that are nought left out.

    Who is on leave is exempt: nothing is gained, and nothing is held against them.
    """
    away = not standing.attended
    amounts: dict[str, Decimal | int] = {
        "attended": int(standing.attended),
        "absent": int(standing is Standing.ABSENT),
        "on_leave": int(standing is Standing.ON_LEAVE),
        "exempt": int(standing is Standing.ON_LEAVE),
        "arrived_late": int(standing.arrived_late),
        "left_early": int(standing.left_early),
        "class_hours": Decimal(0) if away else class_hours,
        "missed_hours": class_hours if away else Decimal(0),
    }
    return {name: amount for name, amount in amounts.items() if amount}


def report(ctx: ActivityContext, session: Session, mark: Mark, entry: Entry) -> None:
    """Report a mark as it stands; its newest entry gives the revision."""
    standing = Standing(mark.standing)
    ctx.complete(
        key_of(session),
        mark.revision,
        measures_of(standing, session.class_hours),
        Evidence(
            {
                "session": session.number,
                "title": session.title,
                "theme": theme_of(ctx, session),
                "lecturer": lecturer_of(ctx, session),
                "place": place_of(ctx, session),
                "standing": standing,
                "how": entry.how,
            }
        ),
        occurred_at=session.starts_at,
        person=PersonRef(mark.user_id, ""),
    )


def report_event(ctx: ActivityContext, people: Iterable[int] | None = None) -> None:
    """Report who took part in the event, of these people or of all.

    For an event that is closed: before, nobody knows who will come. The revision is
    the number of all entries of the person's marks, which only grows.
    """
    rows = ctx.session.execute(
        select(
            Mark.user_id,
            func.sum(Mark.revision),
            func.max(Session.starts_at),
        )
        .join(Session, Session.id == Mark.session_id)
        .where(Session.activity_id == ctx.activity.id)
        .group_by(Mark.user_id)
        .order_by(Mark.user_id)
    ).all()
    present = _attended(ctx)
    chosen = None if people is None else set(people)
    for user_id, revision, last in rows:
        if chosen is None or user_id in chosen:
            many = present.get(user_id, 0)
            ctx.complete(
                WHOLE,
                int(revision),
                {"events": 1} if many else {},
                Evidence({"theme": ctx.settings["theme"], "sessions": many}),
                occurred_at=last,
                person=PersonRef(user_id, ""),
            )


def _attended(ctx: ActivityContext) -> dict[int, int]:
    rows = ctx.session.execute(
        select(Mark.user_id, func.count())
        .join(Session, Session.id == Mark.session_id)
        .where(
            Session.activity_id == ctx.activity.id,
            Mark.standing.in_([one for one in Standing if one.attended]),
        )
        .group_by(Mark.user_id)
    )
    return {row[0]: row[1] for row in rows}
