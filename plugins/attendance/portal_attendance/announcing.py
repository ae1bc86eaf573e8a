"""What people are told: the next session on My study, and who waits for whom."""

from collections.abc import Sequence
from datetime import timedelta

from portal.api import ActivityContext, Permission, PersonRef
from portal.api import lazy_gettext as _l
from portal_attendance.models import Correction, Session, SignIn
from portal_attendance.reporting import key_of
from portal_attendance.roll import may, roll
from portal_attendance.sessions import note_told, place_of, sessions_of
from portal_attendance.signing import Way, window_of

AHEAD = timedelta(days=7)
"""From when before its start a session stands on My study."""


def announce(ctx: ActivityContext) -> None:
    """Put the sessions of the coming days on the list of everybody expected.

    Repeatable: each is told once of each session, and again when it was moved.
    """
    coming = [one for one in sessions_of(ctx) if _is_coming(ctx, one)]
    if not coming:
        return
    people = {person.id: person for person in roll(ctx)}
    for session in coming:
        new = people.keys() - set(session.told)
        for number in sorted(new):
            _owe(ctx, session, people[number])
        if new:
            note_told(session, new)
    ctx.session.flush()


def _is_coming(ctx: ActivityContext, session: Session) -> bool:
    return session.starts_at - AHEAD <= ctx.now < session.starts_at


def _owe(ctx: ActivityContext, session: Session, person: PersonRef) -> None:
    """Owed until one can sign in no more: a session is not over when it begins."""
    due = window_of(ctx, session, Way.IN).closes
    title = _l(
        "%(title)s（%(place)s）",
        title=session.title,
        place=place_of(ctx, session),
    )
    url = ctx.url("sign_page", session_id=session.id)
    ctx.owe(key_of(session), person, due, url, title=title)


def take_back(ctx: ActivityContext, session: Session) -> None:
    """A session was called off: nobody owes it, and who was told is told."""
    people = [person for person in roll(ctx) if person.id in session.told]
    for person in people:
        ctx.settle(key_of(session), person)
    ctx.notify(
        people,
        title=_l("“%(title)s”取消", title=session.title),
        body=_l(
            "%(place)s的这一场不再举行。原因：%(reason)s",
            place=place_of(ctx, session),
            reason=session.cancel_reason,
        ),
        once=f"cancelled:{session.id}",
    )


def tell_of_held(ctx: ActivityContext, session: Session, row: SignIn) -> None:
    """Tell who leads that a sign-in waits; the county, where nobody else leads."""
    ctx.notify(
        _leaders(ctx, row.user_id) or _deciders(ctx, row.user_id),
        title=_l("有签到要您核实"),
        body=_l(
            "“%(title)s”：%(name)s与别人用了同一部手机。",
            title=session.title,
            name=ctx.user.name,
        ),
        url=ctx.url("session_page", session_id=session.id),
        once=f"held:{row.id}",
    )


def tell_of_request(ctx: ActivityContext, row: Correction) -> None:
    """Tell who can decide that a correction was asked for."""
    ctx.notify(
        _deciders(ctx, row.user_id, row.asked_by_id),
        title=_l("有考勤更正要您审核"),
        body=_l("活动“%(activity)s”。", activity=ctx.activity.title),
        url=ctx.url("corrections_page"),
        once=f"correction:{row.id}",
    )


def tell_of_decision(ctx: ActivityContext, row: Correction) -> None:
    """Tell the person what became of the correction."""
    numbers = {row.user_id, row.asked_by_id or row.user_id} - {ctx.user.id}
    answer = row.answer or _l("考勤记录已更正。")
    ctx.notify(
        [PersonRef(number, "") for number in sorted(numbers)],
        title=_l("考勤更正已同意") if row.approved else _l("考勤更正没有同意"),
        body=answer,
        once=f"corrected:{row.id}",
    )


def _leaders(ctx: ActivityContext, *but: int | None) -> Sequence[PersonRef]:
    """Who leads and can open the page, but for those it is about."""
    staff = ctx.staff(holding=Permission.EDIT_WORKSHOP)
    return [person for person in staff if person.id not in but]


def _deciders(ctx: ActivityContext, *but: int | None) -> Sequence[PersonRef]:
    """The same, and the officers of the workshop's organisation who can open it."""
    found = {one.id: one for one in _leaders(ctx, *but)}
    for one in ctx.officers(ctx.organisation):
        if one.id not in but and may(ctx, one, Permission.EDIT_WORKSHOP):
            found[one.id] = one
    return list(found.values())
