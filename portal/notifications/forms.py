"""The form of a notice: what is said, to whom, and whether they must confirm."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.notifications.service import LONGEST_BODY, LONGEST_TITLE
from portal.workshops.forms import Ticks, options
from portal.workshops.models import Enrolment, WorkshopGroup

EVERYBODY = "all"
CHOSEN = "chosen"


class NoticeForm(FlaskForm):
    """What a notice says."""

    title = StringField(
        _l("标题"),
        [
            InputRequired(_l("请填写标题。")),
            Length(max=LONGEST_TITLE, message=_l("标题不能超过 %(max)d 个字。")),
        ],
    )
    body = TextAreaField(
        _l("正文"),
        [
            InputRequired(_l("请填写正文。")),
            Length(max=LONGEST_BODY, message=_l("正文不能超过 %(max)d 个字。")),
        ],
    )
    must_confirm = BooleanField(
        _l("要求签收"),
        description=_l("每位老师要点“确认收到”，您可以看到谁还没有点。"),
    )


class WorkshopNoticeForm(NoticeForm):
    """A notice to a workshop, to one of its groups, or to chosen people of it."""

    audience = RadioField(_l("发给"), [InputRequired(_l("请选择发给谁。"))])
    people = Ticks(
        _l("选择的人"),
        coerce=int,
        description=_l("选“下面选择的人”时，在这里勾选。"),
    )

    def offer(
        self,
        groups: Iterable[WorkshopGroup],
        people: Iterable[Enrolment],
        *,
        whole: bool,
    ) -> None:
        """Set the choices to what the person may reach."""
        wide = [(EVERYBODY, _("全坊"))] if whole else []
        narrow = [(f"group:{group.id}", group.name) for group in groups]
        self.audience.choices = options([*wide, *narrow, (CHOSEN, _("下面选择的人"))])
        self.people.choices = options(
            (row.user_id, name_in_group(row)) for row in people
        )

    @property
    def group_id(self) -> int | None:
        """The group that was chosen, if one was."""
        name, _colon, number = str(self.audience.data).partition(":")
        return int(number) if name == "group" else None

    def validate_people(self, field: Any) -> None:
        """Somebody must be ticked when the ticked ones are meant."""
        if self.audience.data == CHOSEN and not field.data:
            raise ValidationError(_("请至少勾选一位老师。"))


def name_in_group(row: Enrolment) -> str:
    """A person as the list of people shows them."""
    if row.group is None:
        return row.user.name
    return _("%(name)s（%(group)s）", name=row.user.name, group=row.group.name)
