"""Forms of logging in and of one's own account. Only these fields are taken."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from portal.i18n import LANGUAGES


class LoginForm(FlaskForm):
    """Name and password."""

    name = StringField(
        _l("用户名、手机号或邮箱"),
        [InputRequired(_l("请填写用户名、手机号或邮箱。")), Length(max=254)],
    )
    password = PasswordField(
        _l("密码"), [InputRequired(_l("请填写密码。")), Length(max=256)]
    )


class CodeForm(FlaskForm):
    """The code on a person's slip."""

    code = StringField(
        _l("激活码"),
        [InputRequired(_l("请填写激活码。")), Length(max=64)],
        description=_l("在学校发的纸条上，共 12 位，大小写都可以，横线可以不填。"),
    )


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(
        _l("新密码"),
        [InputRequired(_l("请填写新密码。")), Length(max=256)],
        description=_l("至少 8 个字符，不要用姓名、手机号或生日。"),
    )
    again = PasswordField(
        _l("再填一次新密码"),
        [
            InputRequired(_l("请再填一次新密码。")),
            EqualTo("password", _l("两次填写的新密码不一样。")),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one."""

    current = PasswordField(
        _l("现在的密码"), [InputRequired(_l("请填写现在的密码。")), Length(max=256)]
    )


class PreferencesForm(FlaskForm):
    """How the pages look to the person."""

    locale = RadioField(
        _l("语言"),
        choices=[SelectChoice(code, words) for code, words in LANGUAGES.items()],
    )
    scheme = RadioField(
        _l("显示模式"),
        choices=[
            SelectChoice("device", _l("跟随设备")),
            SelectChoice("light", _l("浅色")),
            SelectChoice("dark", _l("深色")),
        ],
    )


class LanguageForm(FlaskForm):
    """The language chosen at the foot of a page, and the page to return to."""

    locale = StringField()
    next = StringField()
