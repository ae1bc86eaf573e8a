"""Opening, closing, putting away, taking out again, and copying a workshop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.access import requires
from portal.errors import NotFound
from portal.permissions import Permission, visible
from portal.web import actor, go_to, session
from portal.workshops import days, enrolment_rules, queries, service
from portal.workshops.copying import copy_workshop
from portal.workshops.dates import zone
from portal.workshops.forms import ConfirmForm, CopyForm, options
from portal.workshops.models import Project, Workshop
from portal.workshops.views.blueprint import (
    blueprint,
    by_id,
    page,
    refusing_into,
    the_workshop,
)

P = Permission


@dataclass(frozen=True)
class Step:
    """A change of state with its words."""

    deed: Callable[..., None]
    title: LazyString
    text: LazyString
    items: Sequence[LazyString]
    button: LazyString
    done: LazyString
    kind: str = "main"


STEPS = {
    "open": Step(
        service.open_workshop,
        _l("开放“%(title)s”"),
        _l("开放以后，学员能看到工作坊，活动按各自的时间开始。"),
        (_l("组长和坊主能看到自己的组和全坊。"), _l("在内的每个人会收到通知。")),
        _l("开放工作坊"),
        _l("工作坊已开放。"),
    ),
    "close": Step(
        service.close_workshop,
        _l("结班“%(title)s”"),
        _l("结班以后，学员不能再提交，也不再加入新学员。"),
        (
            _l("已经提交的照常批阅，成绩照常计算。"),
            _l("所有内容仍能查看。"),
            _l("需要时可以重新开放。"),
        ),
        _l("确认结班"),
        _l("工作坊已结班。"),
        "danger",
    ),
    "archive": Step(
        service.archive_workshop,
        _l("归档“%(title)s”"),
        _l("归档以后，一切内容保留，但只能查看，不能修改，也不能再批阅。"),
        (_l("它会移到“已归档”的列表里。"), _l("需要时可以取消归档。")),
        _l("确认归档"),
        _l("工作坊已归档。"),
        "danger",
    ),
    "restore": Step(
        service.restore_workshop,
        _l("取消归档“%(title)s”"),
        _l("取消归档以后，工作坊回到“已结班”的状态，可以继续批阅或重新开放。"),
        (),
        _l("取消归档"),
        _l("已取消归档。"),
    ),
}


@blueprint.route(
    "/workshops/<int:workshop_id>/<any(open,close,archive,restore):step>",
    methods=["GET", "POST"],
)
@requires(P.MANAGE_PROJECTS)
def change_state(workshop_id: int, step: str) -> ResponseReturnValue:
    """Confirm a change of state, then make it."""
    workshop = the_workshop(workshop_id, P.MANAGE_PROJECTS)
    words = STEPS[step]
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusing_into(form):
            words.deed(session(), workshop, by_id=by_id())
        if not form.errors:
            flash(str(words.done), "ok")
            return go_to("workshops.edit", workshop_id=workshop.id)
    body = render_template(
        "ui/confirm.html",
        title=str(words.title) % {"title": workshop.title},
        text=str(words.text),
        items=[*_counted(session(), workshop, step), *map(str, words.items)],
        action=url_for("workshops.change_state", workshop_id=workshop.id, step=step),
        cancel_url=url_for("workshops.edit", workshop_id=workshop.id),
        button_label=str(words.button),
        kind=words.kind,
        form=form,
        breadcrumbs=[
            (workshop.title, url_for("workshops.workshop", workshop_id=workshop.id))
        ],
    )
    return body, 422 if form.errors else 200


def _counted(session: Session, workshop: Workshop, step: str) -> list[str]:
    """What opening means in numbers."""
    if step != "open":
        return []
    there = len(queries.learner_ids(session, workshop.id))
    lines = [ngettext("现有 %(num)s 名学员。", "现有 %(num)s 名学员。", there)]
    rule = enrolment_rules.rule_of(session, workshop)
    if rule is not None:
        coming = enrolment_rules.preview(
            session, workshop.organisation, rule, workshop
        ).coming
        if coming:
            lines.append(
                ngettext(
                    "按规则还会加入 %(num)s 人。", "按规则还会加入 %(num)s 人。", coming
                )
            )
    return lines


@blueprint.route("/workshops/<int:workshop_id>/copy", methods=["GET", "POST"])
@requires(P.MANAGE_PROJECTS)
def copy(workshop_id: int) -> ResponseReturnValue:
    """Make a workshop after this one, for another term."""
    source = the_workshop(workshop_id, P.MANAGE_PROJECTS)
    projects = {
        project.id: project
        for project in session().scalars(
            visible(actor(), Project, P.MANAGE_PROJECTS).order_by(
                Project.starts_on.desc(), Project.id.desc()
            )
        )
    }
    form = CopyForm(project_id=source.project_id, title=source.title)
    form.project_id.choices = options((p.id, p.title) for p in projects.values())
    if form.validate_on_submit():
        project = projects.get(form.project_id.data)
        if project is None:
            raise NotFound
        assert form.starts_on.data is not None
        with refusing_into(form):
            copied = copy_workshop(
                session(),
                source,
                project,
                title=form.title.data or "",
                starts_at=days.begins(form.starts_on.data, zone(session())),
                with_groups=bool(form.with_groups.data),
                by_id=by_id(),
            )
        if not form.errors:
            flash(
                _("已复制为“%(title)s”，请核对日期后开放。", title=copied.title), "ok"
            )
            return go_to("workshops.edit", workshop_id=copied.id)
    return page("copy.html", form, workshop=source)
