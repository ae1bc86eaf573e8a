"""The filter above the audit trail."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.validators import Length, Optional

from portal.day_field import DayField


class FilterForm(Form):
    """Which entries to show. It changes nothing, so it needs no token."""

    first = DayField(_l("从"), [Optional()])
    last = DayField(_l("到"), [Optional()])
    action = SelectField(_l("操作"), [Optional()])
    person = StringField(_l("用户名"), [Optional(), Length(max=64)])
