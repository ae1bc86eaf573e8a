"""The settings of an event."""

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from portal.api import SettingsForm
from portal.api import lazy_gettext as _l

KINDS = {
    "training": _l("集中培训"),
    "study": _l("集体学习"),
    "launch": _l("启动仪式、动员会"),
    "forum": _l("教师论坛"),
    "salon": _l("教学沙龙"),
    "reading": _l("读书沙龙"),
    "lesson": _l("听课评课"),
    "other": _l("其他线下活动"),
}
"""Kinds of events (features F031, F080); the key is stored."""

MOST_MINUTES = 240


class EventSettings(SettingsForm):
    """Theme, lecturer, place, and how people sign in.

    What an event lacks here each of its sessions must say of its own.
    """

    kind = SelectField(
        _l("活动形式"),
        choices=[SelectChoice(key, word) for key, word in KINDS.items()],
        default="training",
    )
    theme = StringField(_l("主题"), default="", validators=[Length(max=200)])
    lecturer = StringField(_l("主讲人"), default="", validators=[Length(max=120)])
    place = StringField(_l("地点"), default="", validators=[Length(max=200)])
    kept = RadioField(
        _l("怎样签到"),
        choices=[
            SelectChoice("code", _l("老师用手机扫码或输入签到码")),
            SelectChoice("list", _l("坊主按名单登记")),
        ],
        default="code",
    )
    opens_before = IntegerField(
        _l("提前几分钟可以签到"),
        default=30,
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
    )
    late_after = IntegerField(
        _l("开始后几分钟内签到不算迟到"),
        default=10,
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
        description=_l("每一场可以另外设置。"),
    )
    signs_out = BooleanField(
        _l("散场时要签退"),
        default=False,
        description=_l("提前签退或没有签退的，记为早退。每一场可以另外设置。"),
    )
    early_before = IntegerField(
        _l("结束前几分钟内签退不算早退"),
        default=10,
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
    )
