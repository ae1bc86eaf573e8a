"""学习资料： pages, files, links and videos, with minutes on the server's clock."""

from collections.abc import Iterable
from datetime import timedelta

from portal.api import ActivityType, Job, JobContext, hookimpl
from portal_material.activity import Material
from portal_material.settling import settle

material = Material()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: study materials."""
    return [material]


@hookimpl
def portal_jobs() -> Iterable[Job]:
    """Report what was counted of who just went away."""
    return [Job("settle", timedelta(minutes=2), _settle)]


def _settle(job: JobContext) -> None:
    settle(job.activities(material.name), job.now)
