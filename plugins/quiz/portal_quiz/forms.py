"""The settings of a quiz."""

from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.api import SettingsForm
from portal.api import lazy_gettext as _l
from portal_quiz.disclosure import Shown
from portal_quiz.marking import Partial

LONGEST_MINUTES = 600
MOST_ATTEMPTS = 10

SHOWN = [
    SelectChoice(Shown.ANSWERS, _l("只看自己的答卷")),
    SelectChoice(Shown.MARKS, _l("答卷、对错和得分")),
    SelectChoice(Shown.KEYS, _l("再加上正确答案和解析")),
]


class QuizSettings(SettingsForm):
    """How long, how often, what counts, and what is shown when."""

    time_limit = IntegerField(
        _l("限时（分钟）"),
        validators=[Optional(), NumberRange(1, LONGEST_MINUTES)],
        description=_l("从开始作答算起，以服务器的时间为准。不填则到截止为止。"),
    )
    attempts = IntegerField(
        _l("可以作答几次"),
        default=1,
        validators=[InputRequired(), NumberRange(1, MOST_ATTEMPTS)],
    )
    counts = RadioField(
        _l("以哪一次计分"),
        choices=[
            SelectChoice("highest", _l("得分最高的一次")),
            SelectChoice("last", _l("最后一次")),
        ],
        default="highest",
    )
    pass_percent = IntegerField(
        _l("合格线（%）"),
        default=60,
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    partial = RadioField(
        _l("多选题怎样计分"),
        choices=[
            SelectChoice(Partial.ALL, _l("全对才得分")),
            SelectChoice(Partial.HALF, _l("少选得一半，有错选不得分")),
            SelectChoice(Partial.SHARE, _l("按选对的比例得分，错选抵扣")),
        ],
        default=Partial.ALL.value,
    )
    shuffle = BooleanField(
        _l("打乱选项的顺序"),
        default=False,
        description=_l("判断题不打乱。"),
    )
    after_hand_in = RadioField(
        _l("交卷后可以看到"),
        choices=SHOWN,
        default=Shown.MARKS.value,
        description=_l("还能再作答时，不显示正确答案。"),
    )
    after_close = RadioField(
        _l("截止后可以看到"),
        choices=SHOWN,
        default=Shown.KEYS.value,
        description=_l("所有人（包括获准延期的）都截止以后。"),
    )
