"""The form of one item of a scheme: what it counts, and the steps to its marks.

Every kind of step has the same form; the page draws the fields of its kind. What a
number must be the scheme's reader says, so nothing is checked twice.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from portal.schemes.engine.curves import Count, Per
from portal.schemes.engine.rules import GateOf
from portal.schemes.forms.rows import NumberText, RowForm, rows

LONGEST = 200

STEP_TITLES = {
    "price": _l("折算：多少计几分"),
    "cap": _l("封顶：最多计多少"),
    "late": _l("迟交打折"),
    "cliff": _l("门槛：不到多少就不计"),
    "shortfall": _l("达标得满分，缺一扣分"),
    "deduct": _l("起始分，逐次扣分"),
    "less": _l("出现某种情况，逐次扣分"),
    "highest": _l("只取最高的几项"),
    "void": _l("出现某种情况，本项作零"),
}
"""Each kind of step that the form knows, as a leader would call it."""

OWN_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def options(words: dict[Any, Any]) -> list[SelectChoice]:
    """Choices of a field, from values and their words."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


COUNTS = {
    Count.EXACT: _l("按比例折算"),
    Count.WHOLE: _l("只计满的"),
    Count.STARTED: _l("不足的按一个算"),
}
PERS = {Per.ALL: _l("合在一起"), Per.STAGE: _l("每个阶段"), Per.DAY: _l("每天")}
SCALES = {"minute": _l("分钟"), "hour": _l("小时"), "day": _l("天")}


class Chosen(SelectField):
    """One of a list. What stands in the document is kept, whatever the list says."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, validate_choice=False, **more)


class SourceRow(RowForm):
    """One thing that an item counts."""

    what = Chosen(_l("计什么"), choices=[])
    title = StringField(
        _l("在这个方案里叫什么"),
        [Length(max=LONGEST)],
    )
    times = NumberText(_l("每一个算几个"))
    stages = StringField(_l("只计哪些阶段"), [Length(max=60)])
    least = NumberText(_l("至少多少才计"))
    least_of = Chosen(_l("按什么看"), choices=[])


class RungRow(Form):
    """Late by at most so long, so much is left."""

    amount = NumberText(_l("迟交不超过"))
    scale = Chosen(_l("单位"), choices=options(SCALES), default="day")
    factor = NumberText(_l("按几倍计"))


class StageLimitRow(Form):
    """The limit of one stage."""

    stage = NumberText(_l("第几阶段"))
    limit = NumberText(_l("最多"))


class StepRow(RowForm):
    """One step of any kind; `do` says which."""

    do = HiddenField()
    unit = NumberText(_l("多少"))
    points = NumberText(_l("计几分"))
    count = Chosen(_l("不满的怎样算"), choices=options(COUNTS), default="exact")
    per = Chosen(_l("怎样合计"), choices=options(PERS), default="all")
    start = NumberText(_l("从多少起才得分"))
    base = NumberText(_l("到起点得几分"))
    target = NumberText(_l("达到多少"))
    minus = NumberText(_l("扣几分"))
    floor = NumberText(_l("最低几分"))
    limit = NumberText(_l("最多"))
    limits = rows(StageLimitRow)
    rungs = rows(RungRow)
    keep = NumberText(_l("取几项"))
    others = NumberText(_l("其余每项最多计几分"))
    at_least = NumberText(_l("至少多少"))
    what = Chosen(_l("什么情况"), choices=[])


class GateRow(RowForm):
    """A must."""

    of = Chosen(
        _l("看什么"),
        choices=options({GateOf.AMOUNT: _l("计入的数量"), GateOf.POINTS: _l("得分")}),
        default=GateOf.AMOUNT.value,
    )
    at_least = NumberText(_l("至少"))
    stages = StringField(_l("在哪些阶段各要达到"), [Length(max=60)])


class UnseenRow(RowForm):
    """A clause that the source did not show."""

    settled = BooleanField(_l("已经按文件补上，不再标为未见"))


class ItemForm(FlaskForm):
    """One item. `seen` is the digest of the draft that the person looked at."""

    seen = HiddenField()
    title = StringField(_l("名称"), [Length(max=LONGEST)])
    title_en = StringField(
        _l("英文名称"), [Length(max=LONGEST)], description=_l("不填就用中文。")
    )
    note = TextAreaField(
        _l("说明"),
        [Length(max=LONGEST)],
        description=_l("给学员看的，可以不填。"),
        render_kw={"rows": 2},
    )
    note_en = TextAreaField(
        _l("英文说明"), [Length(max=LONGEST)], render_kw={"rows": 2}
    )
    counts = rows(SourceRow)
    unit = StringField(
        _l("一个叫什么"),
        [Length(max=20)],
        description=_l("如“篇”“次”“个”；不填用系统的叫法。"),
    )
    unit_en = StringField(_l("英文单位"), [Length(max=40)])
    steps = rows(StepRow)
    add = Chosen(_l("再加一步"), choices=options(STEP_TITLES), default="price")
    gates = rows(GateRow)
    aside = BooleanField(
        _l("不计入总分"), description=_l("只列出来，例如只用来评优的积分。")
    )
    inside = Chosen(_l("归在"), choices=[])
    unseen = rows(UnseenRow)


class RemoveForm(FlaskForm):
    """Taking an item out, of the draft that the person looked at."""

    seen = HiddenField()
