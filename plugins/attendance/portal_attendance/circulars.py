"""The circular (通报): made of the attendance, published once, never rewritten.

A draft is worked out from the marks each time it is looked at; published, it is a
copy. A correction approved afterwards is told beside it, and the fact follows the
marks (features F044, F046, F047).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.api import ActivityContext, Evidence, Invalid, NotFound, PersonRef
from portal_attendance.circular_models import Circular, CircularRow, Named
from portal_attendance.drafting import ABSENT, Line, Matter, draft
from portal_attendance.marks import marks_of
from portal_attendance.models import Entry, How, Mark, Session, Standing
from portal_attendance.seats import LARGEST_ID
from portal_attendance.sessions import lecturer_of, place_of, theme_of


def published_sessions(ctx: ActivityContext) -> set[int]:
    """The sessions that a circular has spoken of."""
    return {
        session["id"] for row in circulars(ctx) for session in row.content["sessions"]
    }


@dataclass(frozen=True)
class Wording:
    """What the leader says of a circular; the rest is the facts."""

    title: str
    doc_no: str = ""
    sentence: str = ""


def publish(
    ctx: ActivityContext,
    session_ids: Collection[int],
    wording: Wording,
    replaced: Collection[str] = (),
) -> Circular:
    """Publish what the marks say of these sessions, and report who was absent.

    Args:
        replaced: keys of lines of the absent in whose place somebody else came.

    Raises:
        Invalid: "no_session_chosen"; "published_already" with `sessions`: another
            circular has spoken of these, as when the form was sent twice.
    """
    ctx.session.execute(_event_lock(ctx))
    made = draft(ctx, session_ids)
    if not made.sessions:
        raise Invalid("no_session_chosen")
    done = published_sessions(ctx)
    if again := [one.title for one in made.sessions if one.id in done]:
        raise Invalid("published_already", sessions=again)
    many = select(func.count()).where(Circular.activity_id == ctx.activity.id)
    row = Circular(
        activity_id=ctx.activity.id,
        number=(ctx.session.scalar(many) or 0) + 1,
        doc_no=wording.doc_no.strip(),
        title=wording.title.strip(),
        sentence=wording.sentence.strip(),
        content={
            "sessions": [_session_json(ctx, one) for one in made.sessions],
            "schools": [dict(one) for one in made.schools],
        },
        published_at=ctx.now,
        published_by_id=ctx.user.id,
        publisher=ctx.user.name,
        rows=[_row(line, replaced) for line in made.lines],
    )
    ctx.session.add(row)
    ctx.session.flush()
    _report(ctx, row)
    return row


def _event_lock(ctx: ActivityContext) -> Any:
    """Sessions are locked in one order: two who publish at once come one by one."""
    return (
        select(Session.id)
        .where(Session.activity_id == ctx.activity.id)
        .order_by(Session.id)
        .with_for_update()
    )


def _session_json(ctx: ActivityContext, session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "starts_at": session.starts_at.isoformat(),
        "theme": theme_of(ctx, session),
        "lecturer": lecturer_of(ctx, session),
        "place": place_of(ctx, session),
    }


def _row(line: Line, replaced: Collection[str]) -> CircularRow:
    stood_in = line.matter is Matter.ABSENT and line.key in replaced
    return CircularRow(
        user_id=line.person.id,
        name=line.person.name,
        school_id=line.school.id if line.school else 0,
        school=line.school.name if line.school else "",
        session_id=line.session.id,
        session=line.session.title,
        matter=Matter.REPLACED if stood_in else line.matter,
        revision=line.revision,
    )


def _report(ctx: ActivityContext, circular: Circular) -> None:
    """Report everybody whom the circular names as absent."""
    for user_id in sorted({r.user_id for r in circular.rows if r.matter in ABSENT}):
        ctx.session.add(Named(circular_id=circular.id, user_id=user_id, revision=1))
        _complete(ctx, circular, user_id, 1)
    ctx.session.flush()


def _complete(
    ctx: ActivityContext, circular: Circular, user_id: int, revision: int
) -> None:
    rows = [row for row in circular.rows if row.user_id == user_id]
    stood_in = any(row.matter == Matter.REPLACED for row in rows)
    ctx.complete(
        key_of(circular),
        revision,
        {"in_circular": 1, "replaced": 1} if stood_in else {"in_circular": 1},
        Evidence(
            {
                "circular": circular.id,
                "number": circular.number,
                "title": circular.title,
                "sessions": sorted({row.session_id for row in rows}),
            }
        ),
        occurred_at=circular.published_at,
        person=PersonRef(user_id, ""),
    )


def key_of(circular: Circular) -> str:
    """The key of the fact that one is named in it."""
    return f"circular:{circular.number}"


# Afterwards


def circulars(ctx: ActivityContext) -> Sequence[Circular]:
    """The circulars of the event, the newest first."""
    return ctx.session.scalars(
        select(Circular)
        .where(Circular.activity_id == ctx.activity.id)
        .options(selectinload(Circular.rows))
        .order_by(Circular.number.desc())
    ).all()


def circular_in(ctx: ActivityContext, circular_id: int) -> Circular:
    """The circular of this id.

    Raises:
        NotFound: the event has none.
    """
    found = ctx.session.get(Circular, min(circular_id, LARGEST_ID))
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    return found


def changed(ctx: ActivityContext, person: PersonRef) -> None:
    """Bring the fact in line with the person's marks, after one was corrected.

    Who is absent in none of the sessions any more for which a circular names them is
    not held to it. The circular says what it said; the correction stands beside it.
    """
    named = ctx.session.execute(
        select(Named, Circular)
        .join(Circular, Circular.id == Named.circular_id)
        .where(Circular.activity_id == ctx.activity.id, Named.user_id == person.id)
        .order_by(Named.id)
        .with_for_update(of=Named)
        .execution_options(populate_existing=True)
    ).all()
    if not named:
        return
    marks = marks_of(ctx)
    for row, circular in named:
        holds = any(
            (mark := marks.get((one.session_id, person.id))) is not None
            and mark.standing == Standing.ABSENT
            for one in circular.rows
            if one.user_id == person.id and one.matter in ABSENT
        )
        if holds is not row.withdrawn:
            continue
        row.withdrawn = not holds
        row.revision += 1
        if holds:
            _complete(ctx, circular, person.id, row.revision)
        else:
            reason = "the mark was corrected"
            ctx.withdraw(key_of(circular), row.revision, reason, person)
    ctx.session.flush()


def corrections(
    ctx: ActivityContext, rows: Collection[CircularRow]
) -> Mapping[int, Entry]:
    """What was corrected since, by the id of the circular's row: the newest entry."""
    wanted = {(row.session_id, row.user_id): row for row in rows if row.revision}
    if not wanted:
        return {}
    found = ctx.session.execute(
        select(Mark.session_id, Mark.user_id, Entry)
        .join(Entry, Entry.mark_id == Mark.id)
        .where(
            Mark.session_id.in_({session for session, _ in wanted}),
            Entry.how.in_((How.CORRECTION, How.LEAVE)),
        )
        .order_by(Entry.number)
    )
    return {
        row.id: entry
        for session, user, entry in found
        if (row := wanted.get((session, user))) is not None
        if entry.number > row.revision
    }
