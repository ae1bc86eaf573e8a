"""When a transaction that asked for jobs has ended, a worker is woken.

Not before: a worker that comes too early finds nothing.
"""

from flask import current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.db import PortalSession
from portal.jobs.service import ASKED
from portal.jobs.transport import messages


@event.listens_for(PortalSession, "after_transaction_end")
def _wake(session: Session, transaction: SessionTransaction) -> None:
    asked = transaction.parent is None and session.info.pop(ASKED, False)
    if asked and has_app_context():
        messages(current_app).wake()
