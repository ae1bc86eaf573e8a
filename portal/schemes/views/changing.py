"""What a new version changes: its rules, its people; then the workshops move to it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal.access import requires
from portal.errors import Conflict
from portal.jobs.models import Job, JobState
from portal.permissions import Permission
from portal.schemes import comparison, reevaluation
from portal.schemes.comparison import Comparison, Shift
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.forms.small import DeedForm
from portal.schemes.models import SchemeState, SchemeVersion
from portal.schemes.views.blueprint import (
    blueprint,
    page,
    the_version,
    version_trail,
)
from portal.schemes.views.downloads import list_to_keep
from portal.schemes.views.tables import base_of
from portal.schemes.words.changes import say_changes
from portal.schemes.words.sources import names_in
from portal.users.models import User
from portal.web import go_to, session, user
from portal.words import error_sentence
from portal.workshops.models import Workshop

P = Permission

LISTED = 100
"""How many people a list names; the figures above it count them all."""

WORKING = (JobState.QUEUED, JobState.RUNNING)


@blueprint.get("/schemes/<int:version_id>/effect")
@requires(P.EDIT_WORKSHOP)
def effect(version_id: int) -> ResponseReturnValue:
    """What is other than before, and for whom; and how far the moving is."""
    version = the_version(version_id)
    base = base_of(version)
    rules = read_scheme(version.document)
    compared = comparison.asked(session(), version)
    moving = reevaluation.asked(session(), version)
    found = comparison.compared(compared) if compared else None
    return page(
        "effect.html",
        version=version,
        base=base[0] if base else None,
        sentences=_changes(base[1], rules) if base else [],
        behind=comparison.workshops_behind(session(), version),
        compared=_under_way(compared),
        failed=compared is not None and compared.state == JobState.FAILED,
        found=found,
        groups=_groups(found) if found else [],
        listed=LISTED,
        moving=_under_way(moving),
        moved=moving if moving and moving.state == JobState.DONE else None,
        move_failed=moving is not None and moving.state == JobState.FAILED,
        is_published=version.state == SchemeState.PUBLISHED,
        trail=version_trail(version),
    )


def _changes(before: Rules, after: Rules) -> list[str]:
    return say_changes(before, after, names_in(before, after))


def _under_way(job: Job | None) -> Job | None:
    return job if job is not None and job.state in WORKING else None


def _groups(found: Comparison) -> list[dict[str, Any]]:
    """Who gains, loses, qualifies now and no longer, by name."""
    people = _names(each.user_id for each in found.shifts)
    places = _titles(each.workshop_id for each in found.shifts)

    def rows(shifts: list[Shift]) -> list[dict[str, Any]]:
        return [
            {
                "shift": each,
                "name": people.get(each.user_id, ""),
                "workshop": places.get(each.workshop_id, ""),
                "change": _change(each),
            }
            for each in shifts[:LISTED]
        ]

    lists = (
        ("no_longer", _("不再合格"), "danger", found.no_longer_qualified()),
        ("newly", _("变为合格"), "ok", found.newly_qualified()),
        ("losing", _("分数减少"), "warn", found.losing()),
        ("gaining", _("分数增加"), "ok", found.gaining()),
    )
    return [
        {
            "id": name,
            "label": label,
            "kind": kind,
            "count": len(shifts),
            "rows": rows(shifts),
            "places": _per_workshop(shifts, places),
        }
        for name, label, kind, shifts in lists
    ]


def _change(shift: Shift) -> str:
    """By how much the mark that is shown grows or falls: `+5.0`, `−2.0`."""
    change = Decimal(shift.after) - Decimal(shift.before)
    return f"{change:+}".replace("-", "\N{MINUS SIGN}")


@blueprint.get("/schemes/<int:version_id>/effect.xlsx")
@requires(P.EDIT_WORKSHOP)
def effect_list(version_id: int) -> ResponseReturnValue:
    """Everybody whom the version changes, who loses most first."""
    version = the_version(version_id)
    job = comparison.asked(session(), version)
    found = comparison.compared(job) if job else None
    if found is None:
        return go_to("schemes.effect", version_id=version.id)
    people = _names(each.user_id for each in found.shifts)
    places = _titles(each.workshop_id for each in found.shifts)
    heading = (_("姓名"), _("工作坊"), _("原来"), _("新版"), _("变化"))
    lines = [[*heading, _("原来是否合格"), _("新版是否合格")]]
    for each in sorted(found.shifts, key=lambda one: Decimal(one.gain)):
        who = [people.get(each.user_id, ""), places.get(each.workshop_id, "")]
        marks = [each.before, each.after, _change(each)]
        passed = [_passed(each.qualified_before), _passed(each.qualified_after)]
        lines.append([*who, *marks, *passed])
    return list_to_keep(lines, f"effect-{version.id}.xlsx")


def _passed(qualified: bool | None) -> str:
    if qualified is None:
        return ""
    return _("合格") if qualified else _("不合格")


def _per_workshop(shifts: list[Shift], places: dict[int, str]) -> list[tuple[str, int]]:
    ids = [each.workshop_id for each in shifts]
    return [(places.get(each, ""), ids.count(each)) for each in sorted(set(ids))]


def _names(ids: Iterable[int]) -> dict[int, str]:
    found = select(User.id, User.name).where(User.id.in_(set(ids)))
    return dict(session().execute(found).all())


def _titles(ids: Iterable[int]) -> dict[int, str]:
    found = select(Workshop.id, Workshop.title).where(Workshop.id.in_(set(ids)))
    return dict(session().execute(found).all())


@blueprint.post("/schemes/<int:version_id>/compare")
@requires(P.EDIT_WORKSHOP)
def compare(version_id: int) -> ResponseReturnValue:
    """Have it worked out whom the version changes."""
    version = the_version(version_id)
    DeedForm()
    comparison.ask(session(), version, by=user().id)
    return go_to("schemes.effect", version_id=version.id)


@blueprint.post("/schemes/<int:version_id>/move")
@requires(P.EDIT_WORKSHOP)
def move(version_id: int) -> ResponseReturnValue:
    """Let the workshops use this version; only after its effect was seen."""
    version = the_version(version_id)
    DeedForm()
    if not _was_seen(version):
        flash(_("请先看看影响哪些人，再让工作坊改用。"), "warn")
        return go_to("schemes.effect", version_id=version.id)
    try:
        with session().begin_nested():
            reevaluation.ask(session(), version, by=user().id)
    except Conflict as error:
        flash(error_sentence(error), "warn")
    return go_to("schemes.effect", version_id=version.id)


def _was_seen(version: SchemeVersion) -> bool:
    job = comparison.asked(session(), version)
    return job is not None and job.state == JobState.DONE
