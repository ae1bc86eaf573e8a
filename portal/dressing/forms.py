"""The form of the look. Only these fields are taken."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length

LONGEST_TITLE = 30


class LookForm(FlaskForm):
    """Theme, name and logo; what is left empty is as above."""

    theme = RadioField(_l("主题"))
    title = StringField(
        _l("网站名称"),
        [
            Length(
                max=LONGEST_TITLE,
                message=_l("名称最多 %(max)d 个字，再长手机上就放不下了。"),
            )
        ],
    )
    logo = FileField(_l("标志"))
    no_logo = BooleanField(_l("不用自己的标志"))

    def chosen_title(self) -> str | None:
        """The title without spaces around it, None where it is left empty."""
        return " ".join((self.title.data or "").split()) or None
