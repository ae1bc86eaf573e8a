"""Taking the good rows of a checked roster into the county.

The rows are judged once more against the county as it is now, so that the same file
sent twice, or two files at once, change nothing twice. Roles are no part of a roster:
an import raises nobody (promise V30).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Conflict
from portal.jobs.models import Job, JobState
from portal.jobs.service import enqueue
from portal.organisations.models import Organisation, Posting, PostingKind
from portal.organisations.queries import today
from portal.organisations.service import post
from portal.permissions import Actor
from portal.roster import results, sealing, transfers
from portal.roster.models import ImportState, RosterImport
from portal.roster.newcomers import welcome
from portal.roster.problems import RowStatus
from portal.roster.rows import Change, RosterEntry, RosterRow
from portal.roster.service import judge
from portal.roster.usernames import free_usernames
from portal.tenants import Tenant
from portal.users import id_numbers
from portal.users.models import User, UserState
from portal.users.names import normalise_name

CHUNK = 200
"""Rows of one transaction, where the caller ends it between them."""
AT_ONCE = 200
"""Rows that a person waits for; more are taken by a job."""
JOB = "roster.take"

_MATTERS = frozenset({"school_id", "stage_code", "subject_code"})
"""Changes by which a person may belong into other workshops."""


@dataclass
class _Taking:
    """An import under way: by whom, and what was done so far."""

    by_id: int | None
    key: str
    day: date
    made: dict[int, int] = field(default_factory=dict)
    """New people, by the number of their row."""
    moved: list[int] = field(default_factory=list)
    """Known people whose place or subject changed."""


def begin(
    session: Session,
    roster_import: RosterImport,
    *,
    by: Actor,
    key: str,
    confirmed: frozenset[int] = frozenset(),
) -> None:
    """Take the rows now, or let a job do it where there are many. Only once.

    Raises:
        Conflict: as `take`.
    """
    session.refresh(roster_import, with_for_update=True)
    if roster_import.state != ImportState.CHECKED:
        return
    if len(roster_import.rows) > AT_ONCE:
        args = {
            "import_id": roster_import.id,
            "by_id": by.user_id,
            "confirmed": sorted(confirmed),
        }
        roster_import.state = ImportState.WAITING
        roster_import.job_id = enqueue(session, JOB, args, by=by.user_id).id
        return
    for _done in take(session, roster_import, by=by, key=key, confirmed=confirmed):
        pass


def give_back(session: Session, roster_import: RosterImport) -> None:
    """Let an import be begun again whose job has failed; else change nothing."""
    session.refresh(roster_import, with_for_update=True)
    job = session.get(Job, roster_import.job_id or 0)
    failed = job is None or job.state == JobState.FAILED
    if roster_import.state == ImportState.WAITING and failed:
        roster_import.state, roster_import.job_id = ImportState.CHECKED, None


def take(
    session: Session,
    roster_import: RosterImport,
    *,
    by: Actor | None,
    key: str,
    confirmed: frozenset[int] = frozenset(),
) -> Iterator[int]:
    """Take the accepted rows and ask for the transfers; held and bad rows stay out.

    Yields how many rows are done after every `CHUNK`: the caller may commit there,
    and must after the last. An import that is done already does nothing.

    Raises:
        Conflict: "roster_overtaken": another import brought some of the people in
            between two chunks; beginning again puts it right.
    """
    _let_nobody_else_in(session)
    if roster_import.state == ImportState.IMPORTED:
        return
    sheet = sealing.unseal(roster_import.sheet, key)
    place = roster_import.organisation
    rows = list(judge(session, sheet, place, by=by, key=key, confirmed=confirmed))
    taking = _Taking(by.user_id if by else None, key, today(session))
    for start in range(0, len(rows), CHUNK):
        _let_nobody_else_in(session)
        _take(session, rows[start : start + CHUNK], taking)
        yield min(start + CHUNK, len(rows))
    roster_import.state = ImportState.IMPORTED
    roster_import.imported_at = clock.now()
    roster_import.counts = results.counted(rows)
    roster_import.rows = results.as_json(sheet, rows, taking.made)
    lines = {row.line for row in rows if row.to_mend}
    roster_import.sheet = sealing.seal(sealing.only(sheet, lines), key)
    record(
        session, taking.by_id, "roster.imported", roster_import, **roster_import.counts
    )
    welcome(session, [*taking.made.values(), *taking.moved])


def _let_nobody_else_in(session: Session) -> None:
    """One import at a time in a county: the others wait until this transaction ends."""
    mine = Tenant.id == session.info["tenant_id"]
    session.execute(select(Tenant.id).where(mine).with_for_update())


def _take(session: Session, rows: Sequence[RosterRow], taking: _Taking) -> None:
    accepted = [row for row in rows if row.status is RowStatus.ACCEPTED]
    _add(session, [row for row in accepted if row.change is Change.NEW], taking)
    _update(session, [row for row in accepted if row.change is Change.UPDATED], taking)
    for row in rows:
        if row.status is RowStatus.TRANSFER and "school_id" in row.changed:
            assert row.entry is not None
            assert row.existing_id is not None
            transfers.ask(
                session, row.existing_id, row.entry.school_id, by_id=taking.by_id
            )
    session.flush()


def _add(session: Session, rows: Sequence[RosterRow], taking: _Taking) -> None:
    """Make the new people: invited, without a password, posted from today on."""
    names = free_usernames(session)
    people = {
        row.number: _new_user(row.entry, next(names), taking.key)
        for row in rows
        if row.entry is not None
    }
    _refuse_overtaken(session, people)
    session.add_all(people.values())
    session.flush()
    session.add_all(
        Posting(
            user_id=people[row.number].id,
            organisation_id=row.entry.school_id,
            kind=PostingKind.HOME,
            starts_on=taking.day,
        )
        for row in rows
        if row.entry is not None
    )
    taking.made.update((number, user.id) for number, user in people.items())


def _refuse_overtaken(session: Session, people: Mapping[int, User]) -> None:
    digests = [user.id_no_digest for user in people.values()]
    known = select(User.id).where(User.id_no_digest.in_(digests)).limit(1)
    if session.scalar(known) is not None:
        raise Conflict("roster_overtaken")


def _new_user(entry: RosterEntry, username: str, key: str) -> User:
    user = User(
        username=username,
        username_key=normalise_name(username),
        name=entry.name,
        mobile=entry.mobile,
        email=entry.email,
        email_key=normalise_name(entry.email) if entry.email else None,
        state=UserState.INVITED,
        sex=entry.sex,
        birth_date=entry.birth_date,
        stage_code=entry.stage_code,
        subject_code=entry.subject_code,
        degree=entry.degree,
        title=entry.title,
        teacher_tier=entry.teacher_tier,
        created_at=clock.now(),
    )
    id_numbers.keep(user, entry.id_no, key)
    return user


def _update(session: Session, rows: Sequence[RosterRow], taking: _Taking) -> None:
    """Change what the rows say anew of known people, field by field."""
    ids = [row.existing_id for row in rows]
    found = session.scalars(select(User).where(User.id.in_(ids)))
    people = {user.id: user for user in found}
    for row in rows:
        assert row.entry is not None
        user = people[row.existing_id or 0]
        for name in row.changed:
            if name != "school_id":
                setattr(user, name, getattr(row.entry, name))
        user.email_key = normalise_name(user.email) if user.email else None
        if "school_id" in row.changed:
            school = session.get_one(Organisation, row.entry.school_id)
            post(session, user, school, starts_on=taking.day)
        if _MATTERS & set(row.changed):
            taking.moved.append(user.id)
        fields = ",".join(row.changed)
        record(session, taking.by_id, "person.updated", user, fields=fields)
