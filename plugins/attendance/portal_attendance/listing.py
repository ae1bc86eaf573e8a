"""The leader's list: how everybody stands to a session, said on one page.

What a person's sign-in says, or their leave, is there already; the leader changes
what is otherwise. Once a session is settled only corrections change a mark. Who leads
and takes part as well says nothing of themselves: somebody else who leads, or the
county, fills their line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.api import ActivityContext, Conflict, Invalid, PersonRef
from portal_attendance import signing
from portal_attendance.marks import marks_of, set_mark
from portal_attendance.models import How, Session, SignIn, SignState, Standing
from portal_attendance.roll import roll
from portal_attendance.settling import BY_LIST, is_on_leave, settle
from portal_attendance.signing import Way


@dataclass(frozen=True)
class Line:
    """One person on the list."""

    person: PersonRef
    standing: Standing | None
    """None while nothing is known."""
    came: SignIn | None
    left: SignIn | None
    on_leave: bool

    @property
    def held(self) -> bool:
        """Whether the leader has to decide about a sign-in first."""
        rows = (self.came, self.left)
        return any(row is not None and row.state == SignState.HELD for row in rows)

    @property
    def is_known(self) -> bool:
        """Whether the list needs nobody's word about it: approved leave is enough."""
        return self.standing is not None or self.on_leave

    @property
    def suggested(self) -> Standing | None:
        """What the list begins with: what is known, else approved leave."""
        return self.standing or (Standing.ON_LEAVE if self.on_leave else None)


def lines(ctx: ActivityContext, session: Session) -> Sequence[Line]:
    """Everybody on the event's list, as they stand to the session."""
    marks = marks_of(ctx, [session])
    rows = {(row.user_id, row.way): row for row in signing.sign_ins(ctx, [session])}

    def line(person: PersonRef) -> Line:
        mark = marks.get((session.id, person.id))
        return Line(
            person,
            Standing(mark.standing) if mark else None,
            rows.get((person.id, Way.IN)),
            rows.get((person.id, Way.OUT)),
            mark is None and is_on_leave(ctx, session, person),
        )

    return [line(person) for person in roll(ctx)]


def save(
    ctx: ActivityContext,
    session: Session,
    said: Mapping[int, Standing],
    *,
    rest: Standing | None = None,
) -> int:
    """Let people on the list stand as the leader says; how many marks changed.

    With `rest` everybody stands so of whom nothing is known and nothing is said: of
    ninety names on paper the leader ticks those who did not come. Where the list is how
    the event is kept, the session is settled with it; not while the line of who saves
    it waits for somebody else.

    Raises:
        Conflict: "session_settled", "session_cancelled", "session_not_begun";
            "own_line": nobody says how they stand themselves.
        Invalid: "leave_not_approved" with `name`; "list_incomplete" with `many`, of
            an event that is kept by list.
    """
    ctx.session.refresh(session, with_for_update=True)
    if session.cancelled_at is not None:
        raise Conflict("session_cancelled")
    if session.settled_at is not None:
        raise Conflict("session_settled")
    if ctx.now < session.starts_at:
        raise Conflict("session_not_begun")
    if ctx.user.id in said:
        raise Conflict("own_line")
    known = lines(ctx, session)
    own = own_line(ctx, known)
    if rest is not None:
        said = {**{one.person.id: rest for one in known if _is_open(one, own)}, **said}
    chosen = [(line, said[line.person.id]) for line in known if line.person.id in said]
    for line, standing in chosen:
        _check_leave(ctx, session, line, standing)
    by_list = ctx.settings["kept"] == BY_LIST
    left_out = sum(
        line.person.id not in said and not line.is_known
        for line in known
        if line is not own
    )
    if by_list and left_out:
        raise Invalid("list_incomplete", many=left_out)
    changed = sum(
        set_mark(ctx, session, line.person, standing, how=How.LIST, by_id=ctx.user.id)
        for line, standing in chosen
        if standing is not line.standing
    )
    if by_list and (own is None or own.is_known):
        settle(ctx, session)
    return changed


def _is_open(line: Line, own: Line | None) -> bool:
    """Whether nothing is known of the person, and the acting one may say something."""
    return not line.is_known and not line.held and line is not own


def own_line(ctx: ActivityContext, known: Sequence[Line]) -> Line | None:
    """The line of the acting person, who may be on the list, too."""
    return next((line for line in known if line.person.id == ctx.user.id), None)


def _check_leave(
    ctx: ActivityContext, session: Session, line: Line, standing: Standing
) -> None:
    """Nobody is on leave whose leave was not approved in both steps (F045)."""
    if standing is not Standing.ON_LEAVE or line.standing is standing:
        return
    if not is_on_leave(ctx, session, line.person):
        raise Invalid("leave_not_approved", name=line.person.name)
