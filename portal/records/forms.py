"""Forms of records. Only these fields are taken (V17)."""

from typing import Any

import regex
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.activity import SettingsForm

_KIND = regex.compile(r"[a-z][a-z0-9_]{0,23}")


class RecordsSettings(SettingsForm):
    """What an activity brings in, and what must prove it."""

    kinds = StringField(
        _l("导入哪些来源"),
        [Length(max=200)],
        default="",
        description=_l(
            "写来源的代码，用空格隔开，如 minutes posts；留空则为考核方案所计的全部。"
        ),
    )
    evidence = TextAreaField(
        _l("计分依据"),
        [Length(max=500)],
        default="",
        description=_l("学员会看到，如“以平台后台导出的学时报表为准”。"),
    )

    def validate_kinds(self, field: Any) -> None:
        """Each is a name, so that a source can be made of it."""
        for kind in kinds_of(field.data or ""):
            if not _KIND.fullmatch(kind):
                raise ValidationError(
                    _l("来源的代码只用小写字母、数字和下划线，以字母开头。")
                )


def kinds_of(text: str) -> list[str]:
    """The kinds that a setting names."""
    return [part.removeprefix("records:") for part in text.split()]


class UploadForm(FlaskForm):
    """A spreadsheet."""

    file = FileField(
        _l("记录表"),
        [FileRequired(_l("请选择文件。"))],
        description=_l(".xlsx 或 .csv，最多 4000 行。最好用下载的模板填写。"),
    )


class TakeBackForm(FlaskForm):
    """Why an import is taken back."""

    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), Length(max=200)],
        description=_l("会和这些记录一起留在历史里，学员也会看到。"),
    )


class SchemeForm(FlaskForm):
    """By which scheme a project's schools, or a workshop's leaders, are scored."""

    version = SelectField(_l("考核方案"), coerce=int)


class NothingForm(FlaskForm):
    """A deed that needs no field, only the token."""
