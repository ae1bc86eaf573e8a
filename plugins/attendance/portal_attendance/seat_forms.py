"""The forms of seats, names and substitutions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.api import DayField, Form, OrganisationRef, PersonRef
from portal.api import lazy_gettext as _l
from portal_attendance.eligibility import PARTS, WORDS, Rule
from portal_attendance.seats import MOST_SEATS
from portal_attendance.substitution import LONGEST_REASON, SHORTEST_REASON


class Ticks(SelectMultipleField):
    """Several of some choices, each with a tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _codes(part: str) -> Ticks:
    choices = [SelectChoice(code, word) for code, word in WORDS[part].items()]
    return Ticks(PARTS[part], choices=choices)


class DeadlineForm(Form):
    """Until when schools name people; the day itself is included."""

    day = DayField(
        _l("报名截止日"), validators=[InputRequired(_l("请填写报名的最后一天。"))]
    )

    def moment(self, zone: ZoneInfo) -> datetime:
        """The midnight after the day, when the list locks."""
        day = self.day.data
        if day is None:
            raise ValueError("ask a form that is valid")
        return datetime.combine(day + timedelta(days=1), time.min, zone)


class SeatsForm(Form):
    """So many seats for each chosen school, for whom."""

    schools = Ticks(
        _l("学校"),
        coerce=int,
        validators=[DataRequired(_l("请勾选至少一所学校。"))],
    )
    number = IntegerField(
        _l("每校名额"),
        default=1,
        validators=[
            InputRequired(_l("请填写名额数。")),
            NumberRange(1, MOST_SEATS, _l("名额数要在 1 到 %(max)s 之间。")),
        ],
    )
    stages = _codes("stages")
    subjects = _codes("subjects")
    titles = _codes("titles")
    tiers = _codes("tiers")
    posts = _codes("posts")

    @classmethod
    def over(cls, schools: Sequence[OrganisationRef], sent: Any = None) -> SeatsForm:
        """The form that offers these schools."""
        form = cls(sent)
        form.schools.choices = [SelectChoice(one.id, one.name) for one in schools]
        return form

    @property
    def parts(self) -> list[Field]:
        """The fields of the rule."""
        return [self[part] for part in PARTS]

    def rule(self) -> Rule:
        """What is asked of who takes a seat."""
        return Rule(**{part: tuple(self[part].data or ()) for part in PARTS})


class SubstitutionForm(Form):
    """Who takes the seat instead, and why."""

    replacement = SelectField(
        _l("换成"), coerce=int, validators=[InputRequired(_l("请选择一位教师。"))]
    )
    reason = TextAreaField(
        _l("换人原因"),
        validators=[
            InputRequired(_l("请写明换人的原因。")),
            Length(
                min=SHORTEST_REASON,
                max=LONGEST_REASON,
                message=_l("请写明原因，%(min)d 到 %(max)d 个字。"),
            ),
        ],
    )

    @classmethod
    def over(cls, people: Sequence[PersonRef], sent: Any = None) -> SubstitutionForm:
        """The form that offers these people."""
        form = cls(sent)
        form.replacement.choices = [SelectChoice(one.id, one.name) for one in people]
        return form


class AnswerForm(Form):
    """What the approver says; needed where they refuse."""

    answer = StringField(_l("意见"), validators=[Length(max=LONGEST_REASON)])
