"""Forms of rosters. Only these fields are taken (V17)."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.day_field import DayField
from portal.roster.labels import USER_STATES


class SearchForm(FlaskForm):
    """Whom one looks for. It is posted: an ID number never stands in an address."""

    q = StringField(
        _l("姓名、用户名或身份证号"),
        [Length(max=64)],
        description=_l("身份证号要完整"),
    )
    school = SelectField(_l("学校"), coerce=str)
    state = SelectField(
        _l("状态"),
        choices=[
            SelectChoice("", _l("全部")),
            *(SelectChoice(str(s), label[0]) for s, label in USER_STATES.items()),
        ],
    )


class UploadForm(FlaskForm):
    """A spreadsheet, and the branch that it fills."""

    organisation = SelectField(_l("导入到"), coerce=int)
    file = FileField(
        _l("名册文件"),
        [FileRequired(_l("请选择名册文件。"))],
        description=_l(".xlsx 或 .csv，最多 20000 人。最好用下载的模板填写。"),
    )


class TakeForm(FlaskForm):
    """The import at last; the rows to confirm are read beside it."""

    checked = BooleanField(_l("我已核对，上面的写法理解无误"))


class ConfirmTransferForm(FlaskForm):
    """From when on."""

    starts_on = DayField(
        _l("从哪天起到新学校任职"), [InputRequired(_l("请选择日期。"))]
    )


class RefuseTransferForm(FlaskForm):
    """Why not."""

    note = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), Length(max=200)],
        description=_l("两所学校都会看到。"),
    )


class NothingForm(FlaskForm):
    """A deed that needs no field, only the token."""
