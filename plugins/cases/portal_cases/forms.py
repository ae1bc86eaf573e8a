"""What a leader sets, and what a teacher hands in."""

from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from portal.api import Form, HandInSettingsForm, Measure, TextForm, altered
from portal.api import lazy_gettext as _l

PARTS = {
    "experience": _l("经验总结"),
    "survey": _l("专题调查"),
    "improvement_case": _l("教学改进案例"),
}
"""The three types of text (三类文体), by the keys of their slots."""

MEASURES = tuple(Measure(name, "entry", title) for name, title in PARTS.items())


def _wanted(name: str, default: str) -> RadioField:
    """Whether a type of text is taken, and whether it is owed."""
    return RadioField(
        PARTS[name],
        choices=[
            SelectChoice("no", _l("不收")),
            SelectChoice("free", _l("选交")),
            SelectChoice("owed", _l("必交")),
        ],
        default=default,
    )


class CasesSettings(HandInSettingsForm):
    """Which texts are owed and how they are judged, beside what every text has."""

    experience = _wanted("experience", "no")
    survey = _wanted("survey", "no")
    improvement_case = _wanted("improvement_case", "owed")
    most = IntegerField(
        _l("每种最多交几篇"), default=1, validators=[InputRequired(), NumberRange(1, 5)]
    )
    guidance_rounds = IntegerField(
        _l("评分前指导几轮"),
        default=1,
        validators=[InputRequired(), NumberRange(0, 5)],
        description=_l(
            "专家发出指导，作者修改后再交，算一轮。专家或坊主可以提前结束。"
        ),
    )
    pass_percent = IntegerField(
        _l("合格分数"), default=60, validators=[InputRequired(), NumberRange(0, 100)]
    )
    min_length = altered(HandInSettingsForm.min_length, default=800)
    return_days = altered(HandInSettingsForm.return_days, default=14)
    counts_from = None  # type: ignore[assignment] # it counts once it is marked


class CaseForm(Form):
    """A text with its title, and the author's word that it is their own.

    Pictures, PDF, Word and slides are attached on the portal's own page.
    """

    title = StringField(
        _l("题目"), validators=[InputRequired(_l("请写题目。")), Length(max=60)]
    )
    text = TextAreaField(_l("正文"), validators=TextForm.text.kwargs["validators"])
    declaration = BooleanField(
        _l("我声明：这篇案例是我本人在教学中写成的，引用他人的地方都已注明出处。"),
        validators=[InputRequired(_l("请先读一读声明并勾选，再提交。"))],
    )
