"""The form of an assessment: made of the rubric, one level and one remark for each
criterion, and a word in all."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.api import Criterion, Form, RubricRef
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_peer_review.assessing import Opinion

LONGEST = 2000
"""Characters of one remark."""


def _written(words: str | None) -> str:
    """As it is stored: lines end the one way that the textarea counts them."""
    return (words or "").replace("\r\n", "\n").strip()


class LevelField(RadioField):
    """The levels of one criterion; one that it lacks is refused in words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is none of the levels."""
        if self.data not in {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("没有这一等级，请重新选择。"))


class Part(NamedTuple):
    """What one criterion is asked with."""

    criterion: Criterion
    level: Field
    remark: Field


class AssessmentForm(Form):
    """What is said in all; `form_for` adds the criteria."""

    overall = TextAreaField(
        _l("总评"),
        filters=[_written],
        validators=[
            InputRequired(_l("请写几句总评：好在哪里，怎样更好。")),
            Length(max=LONGEST, message=_l("最多 2000 字。")),
        ],
        description=_l("作者在结果公布后看到，不知道是您写的。请具体、友善。"),
    )
    rubric: RubricRef

    def parts(self) -> Iterator[Part]:
        """The criteria in their order, each with its fields."""
        for number, criterion in enumerate(self.rubric.criteria):
            yield Part(criterion, self[f"level_{number}"], self[f"remark_{number}"])

    def opinion(self) -> Opinion:
        """What the form says; a level that the criterion lacks is none."""
        parts = list(self.parts())
        return Opinion(
            {
                part.criterion.key: int(part.level.data)
                for part in parts
                if part.level.data in _places(part.criterion)
            },
            {part.criterion.key: part.remark.data or "" for part in parts},
            self.overall.data or "",
        )


def _places(criterion: Criterion) -> frozenset[str]:
    """What a browser may send for a level."""
    return frozenset(str(place) for place in range(len(criterion.levels)))


def form_for(rubric: RubricRef) -> type[AssessmentForm]:
    """The form of an assessment by this rubric."""
    fields: dict[str, Any] = {"rubric": rubric}
    for number, criterion in enumerate(rubric.criteria):
        choices = [
            SelectChoice(str(place), level.title)
            for place, level in enumerate(criterion.levels)
        ]
        fields[f"level_{number}"] = LevelField(
            criterion.title,
            choices=choices,
            validators=[InputRequired(_l("还没有选等级。"))],
        )
        fields[f"remark_{number}"] = TextAreaField(
            _l("理由或建议（可以不写）"),
            filters=[_written],
            validators=[Length(max=LONGEST, message=_l("最多 2000 字。"))],
        )
    return type("RubricForm", (AssessmentForm,), fields)


def filled(rubric: RubricRef, opinion: Opinion) -> AssessmentForm:
    """The form with this opinion in it."""
    data: dict[str, Any] = {"overall": opinion.overall}
    for number, criterion in enumerate(rubric.criteria):
        level = opinion.levels.get(criterion.key)
        data[f"level_{number}"] = None if level is None else str(level)
        data[f"remark_{number}"] = opinion.remarks.get(criterion.key, "")
    return form_for(rubric)(data=data)


def posted(rubric: RubricRef, sent: MultiDict[str, str]) -> AssessmentForm:
    """The form as it was sent."""
    return form_for(rubric)(sent)
