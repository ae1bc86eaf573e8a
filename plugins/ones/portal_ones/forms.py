"""What a leader sets: a few duties; and what a teacher hands in for one of them."""

from typing import Any
from urllib.parse import urlsplit

from wtforms import (
    FormField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from portal.api import Form, HandInSettingsForm, TextForm, altered
from portal.api import lazy_gettext as _l
from portal_ones.duties import EXAMPLES, KIND_WORDS, ROWS, Duty, Kind, row

LONGEST_TITLE = 40
LONGEST_EVIDENCE = 200
LONGEST_LINK = 500
MOST = 10
"""Times that one duty can be asked for."""


class DutyForm(Form):
    """One row of the settings."""

    title = StringField(
        _l("名称"),
        validators=[Maybe(), Length(max=LONGEST_TITLE)],
        description=_l("例如：一节公开课。不填则没有这一项。"),
    )
    kind = RadioField(
        _l("交什么"),
        choices=[SelectChoice(kind.value, word) for kind, word in KIND_WORDS.items()],
        default=Kind.TEXT.value,
    )
    count = IntegerField(
        _l("几次"), default=1, validators=[InputRequired(), NumberRange(1, MOST)]
    )
    evidence = StringField(
        _l("要什么材料"),
        default="",
        validators=[Maybe(), Length(max=LONGEST_EVIDENCE)],
        description=_l("老师填写时看得到。"),
    )
    min_length = IntegerField(
        _l("文字最少字数"),
        default=0,
        validators=[InputRequired(), NumberRange(0, 20_000)],
        description=_l("只对“写一篇文字”有效，不计空格和标点。"),
    )


class FirstDutyForm(DutyForm):
    """The first row: there is at least one duty."""

    title = altered(
        DutyForm.title,
        validators=[
            DataRequired(_l("请至少写一项。")),
            Length(max=LONGEST_TITLE),
        ],
        description=_l("例如：一节公开课。"),
    )


def _row(number: int) -> Any:
    examples = dict(enumerate(EXAMPLES, 1))
    field: Any = FormField(
        FirstDutyForm if number == 1 else DutyForm,
        _l("第 %(number)s 项", number=number),
        default=examples.get(number, row()),
    )
    # Forms order their fields by it: the duties come before what all texts share.
    field.creation_counter = number - ROWS
    return field


class OnesSettings(HandInSettingsForm):
    """The duties, and how late they may come; each has its own least length."""

    duty_1 = _row(1)
    duty_2 = _row(2)
    duty_3 = _row(3)
    duty_4 = _row(4)
    duty_5 = _row(5)
    duty_6 = _row(ROWS)
    min_length = None  # type: ignore[assignment] # each duty has its own
    max_length = None  # type: ignore[assignment] # as above
    counts_from = None  # type: ignore[assignment] # it counts once it is accepted
    hold_percent = altered(HandInSettingsForm.hold_percent, default=50)


def link_check(_form: Form, field: Any) -> None:
    """Whether it is the address of a page.

    Raises:
        ValidationError: it is not.
    """
    try:
        parts = urlsplit(field.data.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise ValidationError(_l("请填写完整的网址，以 http:// 或 https:// 开头。"))


class LinkForm(Form):
    """An address, and what may be said about it."""

    link = StringField(
        _l("网址"),
        validators=[
            DataRequired(_l("请填写网址。")),
            Length(max=LONGEST_LINK),
            link_check,
        ],
    )
    text = TextAreaField(_l("说明（可以不写）"), validators=[Maybe()])


class FileForm(Form):
    """What may be said about the files; they are attached on the portal's own page."""

    text = TextAreaField(_l("说明（可以不写）"), validators=[Maybe()])


_FORMS: dict[Kind, type[Form]] = {
    Kind.TEXT: TextForm,
    Kind.FILE: FileForm,
    Kind.LINK: LinkForm,
}


def form_for(duty: Duty) -> type[Form]:
    """The form in which a duty is handed in; it says what is wanted."""
    shared = _FORMS[duty.kind]
    told = altered(shared.text, description=duty.evidence)  # type: ignore[attr-defined] # made here
    return type("DutyAnswer", (shared,), {"text": told})
