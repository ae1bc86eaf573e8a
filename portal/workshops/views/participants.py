"""What participants meet: their workshops, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from portal import clock
from portal.access import signed_in
from portal.i18n import day, due_in_words, left_in_words
from portal.permissions import Permission, can
from portal.site import MenuItem, menu_item
from portal.users.codes import STAGES, SUBJECTS
from portal.web import actor, session, user
from portal.workshops import days, queries
from portal.workshops.announcements import announcements
from portal.workshops.dates import zone
from portal.workshops.fragments import top_of
from portal.workshops.front import circle_of, workshop_with_path
from portal.workshops.kinds import plugins
from portal.workshops.labels import STANDINGS
from portal.workshops.models import (
    Activity,
    ActivityState,
    Stage,
    Workshop,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.page_links import workshop_links
from portal.workshops.progress import Progress, Standing, by_dates, progress_of
from portal.workshops.views.blueprint import blueprint, page

menu_item(
    MenuItem("workshops.workshops", lazy_pgettext("清单", "工作坊"), "users", weight=20)
)


@blueprint.get("/workshops")
@signed_in
def workshops() -> ResponseReturnValue:
    """The workshops one is in; the archived ones on their own list."""
    archived = request.args.get("archived") == "1"
    states = (
        [WorkshopState.ARCHIVED]
        if archived
        else [WorkshopState.DRAFT, WorkshopState.OPEN, WorkshopState.CLOSED]
    )
    mine = queries.my_workshops(session(), actor(), states=states)
    return page(
        "workshops.html",
        mine=mine,
        archived=archived,
        zone=zone(session()),
        last_day=days.last_day,
    )


@dataclass(frozen=True)
class ActivityLine:
    """One activity on the path, as `stage_path` draws it."""

    title: str
    state: str
    kind: str
    url: str | None
    due: str
    note: str
    kind_label: str


@dataclass(frozen=True)
class StagePart:
    """One stage on the path; activities without a stage stand in a last one."""

    title: str
    span: str
    now: bool
    activities: Sequence[ActivityLine]


@blueprint.get("/workshops/<int:workshop_id>")
@signed_in
def workshop(workshop_id: int) -> ResponseReturnValue:
    """One workshop on one page: notice, path, group."""
    row, activities = workshop_with_path(session(), actor(), workshop_id)
    me = user().id
    edits = can(actor(), Permission.EDIT_WORKSHOP, row)
    shown = [ActivityState.OPEN] + ([ActivityState.DRAFT] if edits else [])
    listed = [activity for activity in activities if activity.state in shown]
    circle = circle_of(session(), row, me)
    return page(
        "workshop.html",
        workshop=row,
        subject=SUBJECTS.words.get(row.subject_code or "", ""),
        school_stage=STAGES.words.get(row.stage_code or "", ""),
        last_day=days.last_day(row.ends_at, zone(session())),
        stages=_path(row, listed, _progress(row, listed), edits=edits),
        announcements=announcements(session(), row.id, me),
        fragments=top_of(row),
        group=circle.group,
        classmates=circle.classmates,
        group_leaders=circle.group_leaders,
        workshop_leaders=circle.workshop_leaders,
        edits=edits,
        enrols=can(actor(), Permission.MANAGE_ENROLMENT, row),
        doors=_doors(row),
    )


def _doors(row: Workshop) -> list[tuple[str, str, str | None]]:
    return [
        (str(link.label), url_for(link.endpoint, workshop_id=row.id), link.icon)
        for link in workshop_links()
        if can(actor(), link.permission, row)
    ]


def _progress(row: Workshop, listed: Sequence[Activity]) -> dict[int, Progress]:
    """One's own progress; who owes nothing here sees the activities' dates."""
    now = clock.now()
    learns = any(
        grant.workshop_id == row.id and grant.role == WorkshopRole.LEARNER
        for grant in actor().grants
    )
    if learns:
        return progress_of(session(), user().id, listed, now=now)
    return {activity.id: by_dates(activity, now) for activity in listed}


def _path(
    row: Workshop,
    listed: Sequence[Activity],
    progress: dict[int, Progress],
    *,
    edits: bool,
) -> list[StagePart]:
    now = clock.now()
    parts = [
        StagePart(
            title=stage.title,
            span=_span(stage),
            now=_is_now(stage, now),
            activities=[
                _line(activity, progress[activity.id], edits=edits)
                for activity in listed
                if activity.stage_id == stage.id
            ],
        )
        for stage in row.stages
    ]
    loose = [a for a in listed if a.stage_id is None]
    if loose:
        lines = [_line(a, progress[a.id], edits=edits) for a in loose]
        title = _("其他活动") if parts else _("活动")
        parts.append(StagePart(title, "", now=False, activities=lines))
    return [part for part in parts if part.activities or edits or part.span]


def _is_now(stage: Stage, now: datetime) -> bool:
    if stage.starts_at is None and stage.ends_at is None:
        return False
    begun = stage.starts_at is None or stage.starts_at <= now
    return begun and (stage.ends_at is None or now < stage.ends_at)


def _span(stage: Stage) -> str:
    first = day(stage.starts_at) if stage.starts_at else ""
    last = str(days.last_day(stage.ends_at, zone(session()))) if stage.ends_at else ""
    if first and last:
        return str(_("%(first)s 至 %(last)s", first=first, last=last))
    if first:
        return str(_("%(first)s 起", first=first))
    return str(_("至 %(last)s", last=last)) if last else ""


def _line(activity: Activity, progress: Progress, *, edits: bool) -> ActivityLine:
    word, colour = STANDINGS[progress.standing]
    if activity.state == ActivityState.DRAFT:
        word, colour = _l("未公布"), "accent"
    elif progress.standing == Standing.MISSED and not activity.required:
        colour = "muted"
    hidden = progress.standing == Standing.NOT_OPEN and not edits
    kind = plugins().kinds.get(activity.type)
    label = str(kind.title) if kind else ""
    return ActivityLine(
        title=activity.title,
        state=str(word),
        kind=colour,
        url=None if hidden else activity_url(activity),
        due=_due(activity, progress),
        note=_note(activity, progress),
        kind_label="" if label == activity.title else label,
    )


def activity_url(activity: Activity) -> str | None:
    """The activity's own page, which the plugins' part of the portal draws."""
    if "plugins.activity" not in current_app.view_functions:
        return None
    return url_for("plugins.activity", activity_id=activity.id)


def _due(activity: Activity, progress: Progress) -> str:
    if progress.standing == Standing.NOT_OPEN:
        return str(_("%(day)s 开始", day=day(activity.starts_at)))
    if progress.due is None:
        return ""
    due = due_in_words(progress.due)
    left = left_in_words(progress.due)
    if not left:
        return str(_("%(due)s已截止", due=due))
    return str(_("%(due)s截止，%(left)s", due=due, left=left))


def _note(activity: Activity, progress: Progress) -> str:
    if progress.owed > 1:
        return str(
            ngettext(
                "已交 %(done)s 次，共 %(num)s 次",
                "已交 %(done)s 次，共 %(num)s 次",
                progress.owed,
                done=progress.done,
            )
        )
    return "" if activity.required else str(_("选修"))
