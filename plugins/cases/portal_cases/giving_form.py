"""The form by which works are given to an expert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange

from portal.api import Form, PersonRef, Purpose, SubmissionRef
from portal.api import lazy_gettext as _l
from portal_cases.progress import step_of, title_of


class GivingForm(Form):
    """Which works, to whom, for what, and until when."""

    works = SelectMultipleField(
        _l("案例"), coerce=int, validators=[DataRequired(_l("请勾选要安排的案例。"))]
    )
    reviewer = SelectField(_l("专家"), coerce=int)
    purpose = RadioField(
        _l("请专家做什么"),
        choices=[
            SelectChoice(Purpose.GUIDANCE.value, _l("指导：提出意见，作者修改")),
            SelectChoice(Purpose.MARK.value, _l("评分：指导结束以后打分")),
        ],
        default=Purpose.GUIDANCE.value,
    )
    days = IntegerField(
        _l("请在几天内完成"),
        default=7,
        validators=[InputRequired(_l("请填天数。")), NumberRange(1, 60)],
    )
    blind = BooleanField(_l("不让专家知道作者是谁"))

    offered: Sequence[SubmissionRef] = ()

    @classmethod
    def over(
        cls,
        works: Sequence[SubmissionRef],
        staff: Sequence[PersonRef],
        sent: Any = None,
    ) -> GivingForm:
        """The form that offers these works and people."""
        form = cls(sent)
        form.offered = works
        form.works.choices = [
            SelectChoice(work.id, title_of(work))
            for work in works
            if step_of(work).open
        ]
        form.reviewer.choices = [SelectChoice(one.id, one.name) for one in staff]
        return form

    def validate_works(self, field: Any) -> None:
        """Nobody is given what is their own."""
        for work in self.offered:
            if work.id in field.data and work.person.id == self.reviewer.data:
                raise ValidationError(
                    _l(
                        "“%(title)s”是这位老师自己的，请换一位专家。",
                        title=title_of(work),
                    )
                )
