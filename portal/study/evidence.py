"""From a line of the score sheet back to what proves it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.submissions.models import Submission


def evidence_of(session: Session, user_id: int) -> Mapping[tuple[str, str], int]:
    """The submission behind a fact, by (activity id, key) as the sheet has them."""
    rows = session.execute(
        select(Submission.activity_id, Submission.slot_key, Submission.id).where(
            Submission.user_id == user_id
        )
    )
    return {(str(activity), key): found for activity, key, found in rows}
