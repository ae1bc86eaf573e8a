"""Forms of the tree, its roles and its people. Only these fields are taken."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from portal.day_field import DayField
from portal.organisations.models import OrganisationKind
from portal.organisations.words import KINDS
from portal.users.codes import STAGES


class Ticks(SelectMultipleField):
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def offered(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Choices of a field from pairs of value and words."""
    return [SelectChoice(str(value), words) for value, words in pairs]


class OrganisationForm(FlaskForm):
    """What describes an organisation."""

    name = StringField(_l("名称"), [InputRequired(_l("请填写名称。")), Length(max=64)])
    stages = Ticks(_l("学段"), choices=offered(STAGES.words.items()))


class NewOrganisationForm(OrganisationForm):
    """A new organisation below another."""

    code = StringField(
        _l("代码"),
        [
            InputRequired(_l("请填写代码。")),
            Length(max=32),
            Regexp(r"^[0-9A-Za-z_-]+$", message=_l("代码只能用字母、数字、- 和 _。")),
        ],
        description=_l("学校标识码或本县自编的代码，以后名册里用它认学校。"),
    )
    kind = RadioField(
        _l("类别"),
        choices=offered(
            (kind.value, words)
            for kind, words in KINDS.items()
            if kind != OrganisationKind.BUREAU
        ),
        default=OrganisationKind.SCHOOL.value,
    )


class EditOrganisationForm(OrganisationForm):
    """An organisation, its place in the tree and its area."""

    parent = SelectField(_l("上级"), coerce=int, validate_choice=True)
    cluster = SelectField(_l("片区"), coerce=int)
    base_stages = Ticks(_l("作为基地校的学段"), choices=offered(STAGES.words.items()))


class ClusterForm(FlaskForm):
    """A new area."""

    name = StringField(
        _l("片区名称"), [InputRequired(_l("请填写片区名称。")), Length(max=64)]
    )


class GrantForm(FlaskForm):
    """A role for a person."""

    person = StringField(
        _l("用户名或手机号"),
        [InputRequired(_l("请填写用户名或手机号。")), Length(max=64)],
    )
    role = SelectField(_l("角色"))
    starts_on = DayField(_l("从哪天起"), [Optional()], description=_l("不填就是今天。"))
    ends_on = DayField(
        _l("到哪天止"), [Optional()], description=_l("这一天起不再担任；不填就是长期。")
    )


class SlipsForm(FlaskForm):
    """For whom new codes are made."""

    who = RadioField(
        _l("给谁"),
        choices=offered(
            [
                ("without", _l("还没有纸条的人")),
                ("all", _l("所有还没激活的人（他们手里的旧纸条作废）")),
            ]
        ),
        default="without",
    )


class RevealForm(FlaskForm):
    """One's own password, and why one needs the number."""

    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), Length(max=200)],
        description=_l("会和您的姓名一起记入操作记录。"),
    )
    password = PasswordField(
        _l("您自己的密码"), [InputRequired(_l("请填写您自己的密码。")), Length(max=256)]
    )
