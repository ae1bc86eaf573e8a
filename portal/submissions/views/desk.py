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
from portal.errors import Conflict, Invalid
from portal.permissions import Permission, can, require
from portal.site import MenuItem, menu_item
from portal.submissions import attachments, queries, reviewing
from portal.submissions.models import Rubric, Submission, SubmissionVersion
from portal.submissions.slots import find_slot, settings_of
from portal.submissions.text import shared_passages
from portal.submissions.views.blueprint import (
    blueprint,
    shown,
    the_kind,
    the_submission,
)
from portal.web import actor, go_to, session, user
from portal.words import error_sentence
from portal.workshops.dates import slots_of

menu_item(MenuItem("submissions.desk", _l("批阅"), "desk", 30, Permission.REVIEW))

FILTERS = {
    "waiting": queries.WAITING,
    "held": (SubmissionState.HELD, SubmissionState.REJECTED),
    "done": (SubmissionState.ACCEPTED, SubmissionState.RETURNED),
}


class ReviewForm(FlaskForm):
    """A judgement: score where one is given, remark, advice, decision."""

    score = IntegerField(
        _l("得分"),
        validators=[Optional(), NumberRange(0, 100, _l("得分在 0 到 100 之间。"))],
        description=_l("0 至 100,可以不填"),
    )
    remark = TextAreaField(_l("评语"), validators=[Length(max=2000)])
    advice = TextAreaField(
        _l("改进意见"),
        validators=[Length(max=2000)],
        description=_l("退回修改时必填:缺什么、怎样改"),
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
    work = the_submission(submission_id, Permission.REVIEW)
    if work.state in (SubmissionState.HELD, SubmissionState.REJECTED):
        require(actor(), Permission.DECIDE_HELD, work)
    form = ReviewForm()
    if not form.validate():
        return _page(work, form, status=422)
    following = _next_after(work)
    try:
        with session().begin_nested():
            _judge(work, form)
    except Invalid as error:
        form.form_errors.append(error_sentence(error))
        return _page(work, form, status=422)
    except Conflict as error:
        session().expire_all()
        form.form_errors.append(error_sentence(error))
        form.revision.data = str(work.revision)
        return _page(the_submission(submission_id), form, status=409)
    flash(_SAID[Decision(request.form["decision"])], "ok")
    if following is None:
        return go_to("submissions.desk", **_arguments())
    return go_to("submissions.judge", submission_id=following, **_arguments())


_SAID = {
    Decision.ACCEPT: _l("已通过。"),
    Decision.RETURN: _l("已退回,老师会收到改进意见。"),
    Decision.REJECT: _l("已判为不通过,原文和理由都保留着。"),
}


def _judge(work: Submission, form: ReviewForm) -> None:
    kind = the_kind(work.activity)
    slots = slots_of(session(), kind, work.activity, work.user_id)
    given = form.score.data
    judgement = reviewing.Judgement(
        decision=_decision(),
        revision=int(form.revision.data or 0),
        remark=form.remark.data or "",
        advice=form.advice.data or "",
        score=None if given is None else Decimal(given) / 100,
        levels=_levels(),
    )
    reviewing.review(
        session(),
        work,
        find_slot(slots, work.slot_key),
        kind,
        judgement,
        by=user().id,
    )


def _decision() -> Decision:
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError as error:
        raise Invalid("decision_missing") from error


def _levels() -> dict[str, int]:
    levels = {}
    for name, value in request.form.items():
        if name.startswith("rubric-") and value.isdigit():
            levels[name.removeprefix("rubric-")] = int(value)
    return levels


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
    show = request.args.get("show", "waiting")
    return queries.queue(
        session(),
        actor(),
        workshop_id=request.args.get("workshop", type=int),
        activity_id=request.args.get("activity", type=int),
        group_id=request.args.get("group", type=int),
        states=FILTERS.get(show, queries.WAITING),
    )


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
        "show": request.args.get("show", "waiting"),
        "now": now(),
    }


def _page(
    work: Submission, form: ReviewForm, *, status: int = 200
) -> ResponseReturnValue:
    found = _queue()
    ids = [row.id for row in found.rows]
    place = ids.index(work.id) if work.id in ids else None
    version = work.versions[-1]
    page = render_template(
        "submissions/desk.html",
        work=work,
        version=version,
        html=shown(version),
        files=attachments.files_of(session(), work, version.id),
        earlier=list(reversed(work.versions[:-1])),
        earlier_html={v.id: shown(v) for v in work.versions[:-1]},
        pair=_pair(version),
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


def _url(submission_id: int) -> str:
    return url_for("submissions.judge", submission_id=submission_id, **_arguments())


def _held_at(version: SubmissionVersion) -> Decimal:
    """From which share on two texts are alike enough to be laid side by side."""
    activity = version.submission.activity
    kind = the_kind(activity)
    return kind.rules(settings_of(activity, kind)).hold_at or Decimal(1)


def _pair(version: SubmissionVersion) -> dict[str, Any] | None:
    """The text that this one is like: whole where the reader may read it, else only
    the passages that both share."""
    other = version.similar_to
    if other is None or version.similarity < _held_at(version):
        return None
    readable = can(actor(), Permission.READ_SUBMISSIONS, other.submission)
    passages = shared_passages(version.text, other.text)
    return {
        "share": int(version.similarity * 100),
        "by": other.submission.user.name if readable else None,
        "title": other.submission.slot_title,
        "at": other.handed_in_at,
        "text": other.text if readable else None,
        "passages": [passage.text for passage in passages],
    }
