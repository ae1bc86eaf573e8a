"""The settings of a discussion, and the forms in which people write."""

from typing import Any

from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
)

from portal.api import Form, SettingsForm
from portal.api import lazy_gettext as _l
from portal_discussion.models import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE

LONGEST_MINIMUM = 2000
MOST_POSTS = 200
MOST_ESSENCE = 500
LONGEST_EDITING = 7 * 24 * 60


class DiscussionSettings(SettingsForm):
    """How long a post must be to count, how many are asked for, how long one edits."""

    topic_minimum = IntegerField(
        _l("主题至少多少字才计入"),
        default=20,
        validators=[InputRequired(), NumberRange(1, LONGEST_MINIMUM)],
        description=_l("不计空格和标点。不足的也能发，但不计入考核。"),
    )
    reply_minimum = IntegerField(
        _l("回帖至少多少字才计入"),
        default=20,
        validators=[InputRequired(), NumberRange(1, LONGEST_MINIMUM)],
    )
    topics_required = IntegerField(
        _l("每人至少发起几个主题"),
        default=0,
        validators=[InputRequired(), NumberRange(0, MOST_POSTS)],
        description=_l("只算计入的。两项都填 0 表示自愿参加。"),
    )
    replies_required = IntegerField(
        _l("每人至少回帖几次"),
        default=3,
        validators=[InputRequired(), NumberRange(0, MOST_POSTS)],
    )
    essence_most = IntegerField(
        _l("精华帖最多几个"),
        validators=[Optional(), NumberRange(0, MOST_ESSENCE)],
        description=_l("不填则不限。"),
    )
    edit_minutes = IntegerField(
        _l("发出后多少分钟内可以修改"),
        default=30,
        validators=[InputRequired(), NumberRange(0, LONGEST_EDITING)],
        description=_l("改过的帖子会注明，以前的文字留存。填 0 表示不能修改。"),
    )


def _title() -> StringField:
    return StringField(
        _l("标题"),
        validators=[
            DataRequired(_l("还没有写标题。")),
            Length(max=LONGEST_TITLE, message=_l("标题不能超过 %(max)d 字。")),
        ],
    )


def _text(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[
            DataRequired(_l("还没有写内容。")),
            Length(max=LONGEST_TEXT, message=_l("正文太长，请分成几帖。")),
        ],
    )


class TopicForm(Form):
    """A new topic."""

    title = _title()
    text = _text(_l("正文"))


class ReplyForm(Form):
    """A reply."""

    text = _text(_l("回帖"))
    answers = HiddenField(default="")
    """The number of the post that is answered; empty: the topic."""


class RemovalForm(Form):
    """Why a post is removed; everybody reads it."""

    reason = StringField(
        _l("原因"),
        validators=[
            DataRequired(_l("请写明原因。")),
            Length(max=LONGEST_REASON, message=_l("原因不能超过 %(max)d 字。")),
        ],
        description=_l("所有人都看得到，例如：与主题无关。"),
    )
