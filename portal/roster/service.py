"""Rosters: checked, kept, and taken into the county. Nothing is guessed silently."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.organisations.models import Organisation
from portal.permissions import Actor
from portal.roster import results, sealing
from portal.roster.checking import check_rows
from portal.roster.columns import RosterSheet
from portal.roster.loading import load_context
from portal.roster.models import ImportState, RosterImport
from portal.roster.results import Result
from portal.roster.rows import RosterRow


def judge(
    session: Session,
    sheet: RosterSheet,
    organisation: Organisation,
    *,
    by: Actor | None,
    key: str,
    confirmed: frozenset[int] = frozenset(),
) -> Iterator[RosterRow]:
    """Judge the rows one by one against the county as it is; nothing is written.

    Args:
        organisation: only schools of its branch are filled, and of them only those
            where `by` manages people.
        by: who imports; None is the operator at the command line.
        key: of the encryption of ID numbers.
        confirmed: numbers of held rows that a person has compared with the card.

    Raises:
        Invalid: the header does not name the columns; before the first row.
    """
    context = load_context(
        session, sheet, organisation, by=by, key=key, confirmed=confirmed
    )
    return check_rows(sheet, context)


def keep(
    session: Session,
    sheet: RosterSheet,
    rows: Sequence[RosterRow],
    organisation: Organisation,
    *,
    by: Actor | None,
    file_name: str,
    key: str,
) -> RosterImport:
    """Keep a checked sheet, encrypted, until a person lets it be imported."""
    checked = RosterImport(
        organisation_id=organisation.id,
        organisation=organisation,
        by_id=by.user_id if by else None,
        file_name=file_name[:255],
        created_at=clock.now(),
        counts=results.counted(rows),
        rows=results.as_json(sheet, rows, {}),
        sheet=sealing.seal(sheet, key),
    )
    session.add(checked)
    session.flush()
    return checked


def check(
    session: Session,
    sheet: RosterSheet,
    organisation: Organisation,
    *,
    by: Actor | None,
    file_name: str,
    key: str,
) -> RosterImport:
    """Judge a sheet and keep it with what was found.

    Raises:
        Invalid: as `judge`.
    """
    rows = list(judge(session, sheet, organisation, by=by, key=key))
    return keep(session, sheet, rows, organisation, by=by, file_name=file_name, key=key)


def results_of(roster_import: RosterImport) -> list[Result]:
    """What was found or done, row by row."""
    return [results.from_json(row) for row in roster_import.rows]


def to_mend(
    roster_import: RosterImport, key: str
) -> tuple[RosterSheet, list[RosterRow]]:
    """The sheet, and its rows that go back to their author, for the error file."""
    sheet = sealing.unseal(roster_import.sheet, key)
    return sheet, results.rows_to_mend(sheet, results_of(roster_import))


def drop(session: Session, roster_import: RosterImport, *, by_id: int | None) -> None:
    """Throw a sheet away that was checked and not imported; repeating does nothing."""
    if roster_import.state != ImportState.CHECKED:
        return
    record(session, by_id, "roster.dropped", roster_import)
    session.delete(roster_import)
    session.flush()
