"""Writing the audit trail. Whoever acts on another's data or rights calls `record`."""

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.models import AuditEntry
from portal.db import Base


def record(
    session: Session,
    actor_id: int | None,
    action: str,
    subject: Base | None = None,
    **detail: str | int | None,
) -> AuditEntry:
    """Write down that somebody did something, in the transaction that does it.

    Args:
        actor_id: who; None is the operator at the command line, or a job.
        action: a code as "role.granted", worded in `portal.audit.words`.
        subject: the row it was done to. It must have its id: flush before.
        detail: codes and ids. Never text a person wrote, but for a reason that
            was asked for so as to stand here.

    Raises:
        ValueError: the subject is not in the database yet.
    """
    kind, key = "", None
    if subject is not None:
        identity = inspect(subject).identity
        if identity is None:
            raise ValueError(f"{subject!r} has no id yet: flush before recording.")
        kind, key = subject.__tablename__, identity[0]
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        subject_type=kind,
        subject_id=key,
        detail=detail,
    )
    session.add(entry)
    session.flush()
    return entry
