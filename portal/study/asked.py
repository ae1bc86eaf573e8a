"""What somebody was asked to guide or to mark, among what they have to do next."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.activity import Purpose
from portal.permissions import Actor
from portal.study.tasks import Task
from portal.submissions.models import Assignment
from portal.submissions.queries import asked_of


def asked(session: Session, actor: Actor) -> list[Task]:
    """A task for each work, due when its reviewer was asked to be done with it."""
    return [_task(row) for row in asked_of(session, actor)]


def _task(row: Assignment) -> Task:
    work = row.submission
    known = {"name": row.alias or work.user.name, "title": work.slot_title}
    if row.purpose == Purpose.GUIDANCE:
        title = _("指导%(name)s的“%(title)s”", **known)
    else:
        title = _("为%(name)s的“%(title)s”评分", **known)
    return Task(
        title,
        work.activity,
        row.due_at or work.activity.ends_at,
        url=url_for("submissions.judge", submission_id=work.id),
    )
