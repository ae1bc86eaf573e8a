"""Short forms of schemes: a file, a new scheme, what is ticked before publishing."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

LARGEST = 300_000
"""Signs of a scheme's document."""


class NewForm(FlaskForm):
    """A scheme of one's own, almost blank."""

    title = StringField(
        _l("方案名称"), [InputRequired(_l("请填写方案名称。")), Length(max=120)]
    )


class ImportForm(FlaskForm):
    """A scheme's document, as it was exported."""

    file = FileField(_l("方案文件"), description=_l("导出的 .json 文件。"))
    text = TextAreaField(
        _l("或者把内容贴在这里"),
        [Length(max=LARGEST)],
        render_kw={"rows": 16},
    )


class RecordsForm(FlaskForm):
    """A spreadsheet on which a scheme is tried."""

    file = FileField(
        _l("记录表"),
        [FileRequired(_l("请选择记录表。"))],
        description=_l(".xlsx 或 .csv。只用来试算，不会存下来。"),
    )


class Ticks(SelectMultipleField):
    """Several of a set, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, validate_choice=False, **more)


class ConfirmForm(FlaskForm):
    """Each clause that was compared with the paper; `seen` is the draft looked at."""

    seen = HiddenField()
    clauses = Ticks(_l("逐条核对"))


class DeedForm(FlaskForm):
    """A deed on a draft that the person looked at."""

    seen = HiddenField()


class NoteForm(FlaskForm):
    """What a new version is for."""

    note = StringField(
        _l("为什么改"),
        [Length(max=200)],
        description=_l("写给以后看的人，可以不填。"),
    )
    moved = BooleanField(_l("这些工作坊改用新的一版，并按它重新计分"))
