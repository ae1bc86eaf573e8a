"""The jobs of the credit path: lists whose days are over, and the daily self-check."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.credits.publicity import due_publicities, register
from portal.credits.verifying import verify
from portal.jobs.registry import job
from portal.jobs.service import progress


class LedgerBroken(RuntimeError):
    """The ledger does not fit together; `portal credits verify` says where."""


@job("credits.publicity", every=timedelta(hours=1))
def end_publicities(session: Session) -> Mapping[str, int]:
    """Register what stood before everybody long enough, some claims at a time."""
    registered = 0
    for publicity in due_publicities(session):
        while count := register(session, publicity):
            registered += count
            progress(session, registered, registered)
    return {"registered": registered}


@job("credits.verify", every=timedelta(days=1), attempts=1)
def look_over(session: Session) -> Mapping[str, int]:
    """Look the ledger over; a fault fails the job, and so shows to who runs it (P21).

    Raises:
        LedgerBroken: naming the first entry that does not fit.
    """
    if problems := verify(session):
        first = problems[0]
        raise LedgerBroken(f"{first.what} at entry {first.sequence}")
    return {"problems": 0}
