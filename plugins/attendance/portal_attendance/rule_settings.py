"""What an event must leave behind before it can be closed, as its leader sets it."""

from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from portal.api import CountsFrom
from portal.api import lazy_gettext as _l
from portal_attendance.forms import EventSettings

MOST_PHOTOS = 60
LONGEST_NOTES = 5000


class RuleSettings(EventSettings):
    """The settings of an event, and which photos, notes and result it requires."""

    photos_least = IntegerField(
        _l("结束前至少要有几张活动照片"),
        default=0,
        validators=[InputRequired(), NumberRange(0, MOST_PHOTOS)],
    )
    list_photo = BooleanField(_l("结束前要上传纸质签到表的照片"), default=False)
    outcome = BooleanField(_l("结束前要上传主讲人的成果"), default=False)
    notes = RadioField(
        _l("研修笔记"),
        choices=[
            SelectChoice("no", _l("不收")),
            SelectChoice("free", _l("选交")),
            SelectChoice("owed", _l("必交")),
        ],
        default="no",
    )
    notes_least = IntegerField(
        _l("笔记最少字数"),
        default=200,
        validators=[InputRequired(), NumberRange(1, LONGEST_NOTES)],
        description=_l("不计空格和标点。附上笔记本的照片可以代替文字。"),
    )
    notes_days = IntegerField(
        _l("活动结束后几天内交笔记"),
        default=3,
        validators=[InputRequired(), NumberRange(0, 60)],
    )
    counts_from = RadioField(
        _l("笔记何时计为完成"),
        choices=[
            SelectChoice(CountsFrom.HANDED_IN.value, _l("提交即计")),
            SelectChoice(CountsFrom.ACCEPTED.value, _l("批阅通过后计")),
        ],
        default=CountsFrom.HANDED_IN.value,
    )
