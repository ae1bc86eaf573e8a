"""The grading desk: list left, work in the middle, judgement right."""

from decimal import Decimal
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from portal.access import keeps_form, requires
from portal.activity import Decision, SubmissionState
from portal.clock import now
from portal.errors import Conflict, Invalid, NotFound, PortalError
from portal.permissions import Permission, can, require
from portal.plugins.pages import kind_of
from portal.site import MenuItem, menu_item
from portal.submissions import attachments, queries, reviewing
from portal.submissions.models import Rubric, Submission
from portal.submissions.slots import find_slot
from portal.submissions.views.blueprint import (
    blueprint,
    handled,
    handled_before,
    new_form_key,
    number,
    readable,
    shown,
    the_kind,
    the_submission,
)
from portal.submissions.views.pairs import pair_of
from portal.web import actor, session, user
from portal.words import error_sentence
from portal.workshops.dates import slots_of

menu_item(MenuItem("submissions.desk", _l("批阅"), "desk", 30, Permission.REVIEW))

FILTERS = {
    "held": (SubmissionState.HELD, SubmissionState.REJECTED),
    "done": (SubmissionState.ACCEPTED, SubmissionState.RETURNED),
}


class ReviewForm(FlaskForm):
    """A judgement: score where one is given, remark, advice, decision."""

    score = IntegerField(
        _l("得分"),
        validators=[Optional(), NumberRange(0, 100, _l("得分在 0 到 100 之间。"))],
        description=_l("0 至 100，可以不填"),
    )
    remark = TextAreaField(_l("评语"), validators=[Length(max=2000)])
    advice = TextAreaField(
        _l("改进意见"),
        validators=[Length(max=2000)],
        description=_l("退回修改时必填：缺什么、怎样改"),
    )
    revision = HiddenField()


@blueprint.get("/desk")
@requires(Permission.REVIEW)
def desk() -> ResponseReturnValue:
    """The queue, the longest waiting first."""
    found = _queue()
    return render_template("submissions/desk.html", work=None, **_frame(found))


@blueprint.get("/desk/<int:submission_id>")
@requires(Permission.REVIEW)
def judge(submission_id: int) -> ResponseReturnValue:
    """One work on the desk."""
    work = the_submission(submission_id, Permission.REVIEW)
    form = ReviewForm(data={"revision": work.revision})
    return _page(work, form)


@blueprint.post("/desk/<int:submission_id>")
@requires(Permission.REVIEW)
@keeps_form
def decide(submission_id: int) -> ResponseReturnValue:
    """Accept, return or reject, and go on to the next that waits."""
    if done := handled_before():
        return done
    work = the_submission(submission_id, Permission.REVIEW)
    form = ReviewForm(readable(request.form))
    if not form.validate():
        return _page(work, form, status=422)
    following = _next_after(work)
    try:
        with session().begin_nested():
            said = _judge(work, form)
    except Invalid as error:
        form.form_errors.append(error_sentence(error))
        return _page(work, form, status=422)
    except (Conflict, NotFound) as error:
        return _changed_meanwhile(submission_id, form, error)
    flash(_SAID[said], "ok")
    return handled(_url(following) if following else _desk_url())


def _changed_meanwhile(
    submission_id: int, form: ReviewForm, error: PortalError
) -> ResponseReturnValue:
    """Show the work as it is now, with all that the reviewer wrote."""
    session().expire_all()
    work = the_submission(submission_id)
    form.form_errors.append(error_sentence(error))
    form.revision.data = str(work.revision)
    return _page(work, form, status=409)


_SAID = {
    Decision.ACCEPT: _l("已通过。"),
    Decision.RETURN: _l("已退回，老师会收到改进意见。"),
    Decision.REJECT: _l("已判为不通过，原文和理由都保留着。"),
}


def _judge(work: Submission, form: ReviewForm) -> Decision:
    decision, revision = _decision(), request.form.get("revision", -1, type=int)
    if revision == work.revision and _is_for_deciders(work, decision):
        require(actor(), Permission.DECIDE_HELD, work)
    kind = the_kind(work.activity)
    slots = slots_of(session(), kind, work.activity, work.user_id)
    given = form.score.data
    judgement = reviewing.Judgement(
        decision=decision,
        revision=revision,
        remark=form.remark.data or "",
        advice=form.advice.data or "",
        score=None if given is None else Decimal(given) / 100,
        levels=_levels(),
    )
    slot = find_slot(slots, work.slot_key)
    reviewing.review(session(), work, slot, kind, judgement, by=user().id)
    return decision


def _is_for_deciders(work: Submission, decision: Decision) -> bool:
    """Whether it takes more than reading to say this: an accusation is behind it."""
    doubted = work.state in (SubmissionState.HELD, SubmissionState.REJECTED)
    return doubted or decision is Decision.REJECT


def _decision() -> Decision:
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError as error:
        raise Invalid("decision_missing") from error


def _levels() -> dict[str, int]:
    """The chosen levels by criterion; what is no number chooses none."""
    chosen = {
        name.removeprefix("rubric-"): request.form.get(name, type=int)
        for name in request.form
        if name.startswith("rubric-")
    }
    return {key: -1 if level is None else level for key, level in chosen.items()}


def _criteria(rubric: Rubric | None) -> list[dict[str, Any]]:
    """A rubric as the macros draw it: a level's value is its place."""
    return [
        {
            "key": criterion["key"],
            "title": criterion["title"],
            "levels": [
                {
                    "value": place,
                    "title": level["title"],
                    "text": level.get("description", ""),
                }
                for place, level in enumerate(criterion["levels"])
            ],
        }
        for criterion in (rubric.criteria if rubric else [])
    ]


def _arguments() -> dict[str, Any]:
    """The filters of the queue, kept from work to work."""
    kept = ("workshop", "activity", "group", "show")
    return {name: request.args[name] for name in kept if request.args.get(name)}


def _queue() -> queries.Queue:
    return queries.queue(
        session(),
        actor(),
        workshop_id=number("workshop"),
        activity_id=number("activity"),
        group_id=number("group"),
        states=FILTERS.get(_show()),
    )


def _show() -> str:
    wanted = request.args.get("show", "")
    return wanted if wanted in FILTERS else "waiting"


def _next_after(work: Submission) -> int | None:
    """The text that waits after this one; the queue starts again at its end."""
    ids = [row.id for row in _queue().rows]
    if work.id in ids:
        place = ids.index(work.id)
        ids = ids[place + 1 :] + ids[:place]
    return ids[0] if ids else None


def _frame(found: queries.Queue) -> dict[str, Any]:
    return {
        "queue": found,
        "arguments": _arguments(),
        "show": _show(),
        "now": now(),
    }


def _page(
    work: Submission, form: ReviewForm, *, status: int = 200
) -> ResponseReturnValue:
    found = _queue()
    ids = [row.id for row in found.rows]
    place = ids.index(work.id) if work.id in ids else None
    version = work.versions[-1]
    kind = kind_of(work.activity)
    files = attachments.files_of_versions(session(), work)
    page = render_template(
        "submissions/desk.html",
        work=work,
        version=version,
        html=shown(version, files[version.id]),
        files=files[version.id],
        earlier=list(reversed(work.versions[:-1])),
        earlier_html={v.id: shown(v, files[v.id]) for v in work.versions[:-1]},
        pair=pair_of(version, kind),
        available=kind is not None,
        form_key=request.form.get("form_key") or new_form_key(),
        form=form,
        criteria=_criteria(reviewing.rubric_of(session(), work)),
        levels=_levels(),
        decides_held=can(actor(), Permission.DECIDE_HELD, work),
        before=_url(ids[place - 1]) if place else None,
        after=_url(ids[place + 1])
        if place is not None and place + 1 < len(ids)
        else None,
        **_frame(found),
    )
    return page, status


def _desk_url() -> str:
    return url_for("submissions.desk", **_arguments())


def _url(submission_id: int) -> str:
    return url_for("submissions.judge", submission_id=submission_id, **_arguments())
