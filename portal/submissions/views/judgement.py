"""What a reviewer says at the desk: the form, and what is done with it."""

from decimal import Decimal

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from portal.activity import ActivityType, Decision, Purpose, SubmissionRules, Words
from portal.errors import Conflict, Invalid
from portal.permissions import Permission, require
from portal.submissions import reviewing
from portal.submissions.guiding import Turn, turn_of
from portal.submissions.models import Submission
from portal.submissions.slots import find_slot, settings_of
from portal.submissions.views.blueprint import the_kind
from portal.web import actor, session, user
from portal.workshops.dates import slots_of


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


END = "end"
_SAID = {
    Decision.ACCEPT: _l("已通过。"),
    Decision.RETURN: _l("已退回，老师会收到改进意见。"),
    Decision.REJECT: _l("已判为不通过，原文和理由都保留着。"),
}
_GUIDED = {
    Decision.RETURN: _l("指导已发出，老师会收到您的意见。"),
    Decision.ACCEPT: _l("指导已结束，可以评分了。"),
}


def carry_out(work: Submission, form: ReviewForm) -> Words:
    """Carry the judgement out; the sentence that says so."""
    decision, revision = _decision(), request.form.get("revision", -1, type=int)
    kind = the_kind(work.activity)
    turn = turn_for(work, kind)
    if revision == work.revision:
        if turn.purpose is None:
            raise Conflict("not_your_turn")
        if turn.purpose is Purpose.GUIDANCE and _accepts():
            raise Invalid("guidance_first", missing=turn.guidance.missing)
        if _is_for_deciders(work, decision, turn):
            require(actor(), Permission.DECIDE_HELD, work)
    slots = slots_of(session(), kind, work.activity, work.user_id)
    given = form.score.data
    judgement = reviewing.Judgement(
        decision=decision,
        revision=revision,
        remark=form.remark.data or "",
        advice=form.advice.data or "",
        score=None if given is None else Decimal(given) / 100,
        levels=chosen_levels(),
        purpose=turn.purpose or Purpose.REVIEW,
    )
    slot = find_slot(slots, work.slot_key)
    reviewing.review(session(), work, slot, kind, judgement, by=user().id)
    match turn.purpose:
        case Purpose.GUIDANCE:
            return _GUIDED[decision]
        case Purpose.MARK:
            return _l("评分已保存。")
    return _SAID[decision]


def turn_for(work: Submission, kind: ActivityType | None) -> Turn:
    rules = SubmissionRules()
    if kind is not None:
        rules = kind.rules(settings_of(work.activity, kind))
    return turn_of(session(), actor(), work, rules)


def _is_for_deciders(work: Submission, decision: Decision, turn: Turn) -> bool:
    """Whether it takes more than reading to say this.

    There is an accusation behind it, or guidance ends that somebody else was to give.
    """
    if turn.purpose is Purpose.GUIDANCE and decision is Decision.ACCEPT:
        return not turn.guides
    return work.state in reviewing.DOUBTED or decision is Decision.REJECT


def _accepts() -> bool:
    """Whether the button of an ordinary review was pressed, as on an older page."""
    return request.form.get("decision") == Decision.ACCEPT.value


def _decision() -> Decision:
    """What was chosen. That guidance ends has a word of its own: no key presses it."""
    if request.form.get("decision") == END:
        return Decision.ACCEPT
    try:
        return Decision(request.form.get("decision", ""))
    except ValueError as error:
        raise Invalid("decision_missing") from error


def chosen_levels() -> dict[str, int]:
    """The chosen levels by criterion; what is no number chooses none."""
    chosen = {
        name.removeprefix("rubric-"): request.form.get(name, type=int)
        for name in request.form
        if name.startswith("rubric-")
    }
    return {key: -1 if level is None else level for key, level in chosen.items()}
