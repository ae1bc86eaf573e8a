"""The jobs' own job: rows that nobody will look at any more."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs.models import Job, JobState
from portal.jobs.registry import job

KEPT = timedelta(days=90)
"""Longer than any occasion that a unique key names can come again."""


@job("jobs.tidy", every=timedelta(days=1), each_tenant=False)
def tidy(session: Session) -> None:
    """Delete jobs that were done long ago. What failed stays until a person looks."""
    session.execute(
        delete(Job).where(
            Job.state == JobState.DONE, Job.finished_at < clock.now() - KEPT
        )
    )
