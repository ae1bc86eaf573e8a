"""Forms of projects and workshops. Days are the county's, the last day included."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileSize
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.day_field import DayField
from portal.users.codes import STAGES, SUBJECTS
from portal.workshops.labels import LEVELS, ROLES
from portal.workshops.models import WorkshopRole

LARGEST_LIST = 2 * 1024 * 1024


def options(
    pairs: Iterable[tuple[Any, Any]], *, none: Any | None = None
) -> list[SelectChoice]:
    """Choices of a field, of pairs of a value and its words; first `none`, if given."""
    blank = [] if none is None else [SelectChoice("", none)]
    return blank + [SelectChoice(value, words) for value, words in pairs]


def _required(message: Any) -> InputRequired:
    return InputRequired(message)


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class Ticks(SelectMultipleField):
    """Several of a set, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SpanForm(FlaskForm):
    """A first and a last day."""

    starts_on = DayField(_l("开始日期"), [_required(_l("请选择开始日期。"))])
    ends_on = DayField(
        _l("结束日期"),
        [_required(_l("请选择结束日期。"))],
        description=_l("含这一天"),
    )

    def validate_ends_on(self, field: DayField) -> None:
        """The last day is not before the first."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_l("结束日期不能早于开始日期。"))


class ProjectForm(SpanForm):
    """What is said of a project."""

    organisation_id = SelectField(_l("主办单位"), coerce=int)
    title = StringField(
        _l("项目名称"),
        [_required(_l("请填写项目名称。")), Length(max=120)],
    )
    training_level = SelectField(_l("培训级别"), choices=options(LEVELS.items()))
    doc_no = StringField(
        _l("文号"), [Length(max=64)], description=_l("如“清教函〔2024〕9号”，可以不填")
    )
    theme = StringField(
        _l("主题或共读书目"), [Length(max=200)], description=_l("可以不填")
    )


class WorkshopForm(SpanForm):
    """What is said of a workshop."""

    title = StringField(
        _l("工作坊名称"),
        [_required(_l("请填写工作坊名称。")), Length(max=120)],
    )
    summary = TextAreaField(
        _l("简介"), [Length(max=2000)], description=_l("学员在工作坊首页看到")
    )
    subject_code = SelectField(
        _l("学科"),
        choices=options(SUBJECTS.words.items(), none="—"),
        validators=[Optional()],
    )
    stage_code = SelectField(
        _l("学段"),
        choices=options(STAGES.words.items(), none="—"),
        validators=[Optional()],
    )
    group_size = IntegerField(
        _l("每组约多少人"),
        [_required(_l("请填写每组人数。")), NumberRange(2, 200)],
        default=20,
    )
    scheme_version_id = SelectField(
        _l("考核方案"), coerce=_number_or_none, validators=[Optional()]
    )
    enrol_until = DayField(
        _l("新学员加入截止"),
        [Optional()],
        description=_l("含这一天；不填则到结束日期为止"),
    )


class NewWorkshopForm(WorkshopForm):
    """A workshop and whom it enrols, on one page."""

    enrol_by = RadioField(
        _l("学员从哪里来"),
        choices=options(
            [
                ("rule", _l("按学科、学段和单位自动加入，新调入的教师也会加入")),
                ("hand", _l("以后按名单或逐个添加")),
            ]
        ),
        default="rule",
    )
    organisation_ids = Ticks(
        _l("哪些单位"),
        coerce=int,
        description=_l("一个也不选，就是范围内所有单位；选中心学校，就包括它的各校"),
    )


class RuleForm(FlaskForm):
    """Whom a workshop enrols without being told."""

    subject_codes = Ticks(
        _l("学科"),
        choices=options(SUBJECTS.words.items()),
        description=_l("不选则不限"),
    )
    stage_codes = Ticks(
        _l("学段"), choices=options(STAGES.words.items()), description=_l("不选则不限")
    )
    organisation_ids = Ticks(
        _l("单位"),
        coerce=int,
        description=_l("不选则不限；选中心学校，就包括它的各校"),
    )


class StageForm(FlaskForm):
    """A stage of the way."""

    title = StringField(
        _l("阶段名称"), [_required(_l("请填写阶段名称。")), Length(max=120)]
    )
    starts_on = DayField(_l("开始日期"), [Optional()], description=_l("可以不填"))
    ends_on = DayField(_l("结束日期"), [Optional()], description=_l("含这一天"))


class ActivityForm(SpanForm):
    """What is said of an activity of whatever type."""

    title = StringField(
        _l("活动名称"), [_required(_l("请填写活动名称。")), Length(max=120)]
    )
    instructions = TextAreaField(
        _l("任务要求"),
        [Length(max=20_000)],
        description=_l("要做什么，怎样算好"),
    )
    stage_id = SelectField(_l("阶段"), coerce=_number_or_none, validators=[Optional()])
    required = BooleanField(_l("必修"), default=True)
    rubric_id = SelectField(
        _l("评价量规"), coerce=_number_or_none, validators=[Optional()]
    )
    published = BooleanField(
        _l("保存后就公布"),
        default=True,
        description=_l("不勾选则先存着，学员看不到"),
    )


class ExtensionForm(FlaskForm):
    """More time for a person or a group."""

    whom = SelectField(_l("给谁"), [_required(_l("请选择学员或小组。"))])
    days = IntegerField(
        _l("延长几天"),
        [_required(_l("请填写天数。")), NumberRange(1, 180)],
        default=3,
    )
    slot_key = SelectField(_l("哪一次"), validators=[Optional()])
    reason = StringField(_l("理由"), [Length(max=200)])


class FollowUpForm(FlaskForm):
    """The tasks after a training (训后任务), until when, and by which scheme."""

    title = StringField(_l("名称"), [_required(_l("请填写名称。")), Length(max=120)])
    due_on = DayField(
        _l("截止日期"),
        [_required(_l("请选择截止日期。"))],
        description=_l("到这一天的午夜。"),
    )
    instructions = TextAreaField(_l("任务要求"), [Length(max=20_000)])
    scheme_version_id = SelectField(
        _l("考核方案"), coerce=_number_or_none, validators=[Optional()]
    )


class CopyForm(FlaskForm):
    """A workshop made after another one."""

    project_id = SelectField(_l("放在哪个项目"), coerce=int)
    title = StringField(
        _l("新工作坊的名称"),
        [_required(_l("请填写工作坊名称。")), Length(max=120)],
    )
    starts_on = DayField(
        _l("新的开始日期"),
        [_required(_l("请选择开始日期。"))],
        description=_l("其他日期都随它顺延"),
    )
    with_groups = BooleanField(_l("也建同样名称的空组"))


class SearchForm(FlaskForm):
    """Find a person by name."""

    class Meta:
        """It only asks."""

        csrf = False

    q = StringField(_l("姓名或用户名"), [Length(max=64)])


class AddForm(FlaskForm):
    """Bring one person in."""

    user_id = IntegerField(_l("选一个人"), [_required(_l("请先选一个人。"))])
    role = SelectField(_l("角色"), choices=options(ROLES.items()))
    group_id = SelectField(_l("组"), coerce=_number_or_none, validators=[Optional()])


class MoveForm(FlaskForm):
    """Put the ticked people into a group."""

    enrolment_ids = SelectMultipleField(_l("学员"), coerce=int)
    group_id = SelectField(_l("移到"), coerce=int)


class GroupForm(FlaskForm):
    """The name of a group."""

    name = StringField(_l("组名"), [_required(_l("请填写组名。")), Length(max=64)])


class RemovalForm(FlaskForm):
    """Why somebody leaves."""

    reason = StringField(
        _l("理由"), [_required(_l("请写明移出的理由。")), Length(max=200)]
    )


class AppointForm(FlaskForm):
    """A leading role for somebody who is in."""

    role = SelectField(
        _l("角色"),
        choices=options(
            (code, word) for code, word in ROLES.items() if code != "learner"
        ),
        default=WorkshopRole.GROUP_LEADER,
    )
    group_id = SelectField(
        _l("所带的组"), coerce=_number_or_none, validators=[Optional()]
    )


class StandInForm(SpanForm):
    """Who does a group leader's work, and when."""

    group_id = SelectField(_l("哪个组"), coerce=int)
    username = StringField(
        _l("代理人的用户名"),
        [_required(_l("请填写代理人的用户名。")), Length(max=64)],
    )


class ListForm(FlaskForm):
    """A list of user names, pasted or uploaded."""

    names = TextAreaField(
        _l("用户名"),
        [Length(max=200_000)],
        description=_l("每行一个，也可以用空格或逗号隔开"),
    )
    file = FileField(
        _l("或上传文件"),
        [FileSize(LARGEST_LIST, message=_l("文件不能超过 2 MB。"))],
        description=_l("Excel 表格的第一列，或文本文件"),
    )


class ConfirmForm(FlaskForm):
    """A step that is confirmed."""
