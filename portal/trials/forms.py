"""The form of a trial. Only its fields are taken (V17)."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class TrialForm(FlaskForm):
    """A spreadsheet of records."""

    file = FileField(
        _l("记录表"),
        [FileRequired(_l("请选择记录表。"))],
        description=_l(".xlsx 或 .csv。只用来试算，不会存下来。"),
    )
