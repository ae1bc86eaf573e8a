"""A form with every kind of field, for looking at."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget


class ContactForm(Form):
    """A form within a form."""

    person = StringField(_l("姓名"), [InputRequired(_l("请填写联系人姓名。"))])
    phone = TelField(_l("手机"))


class SampleForm(FlaskForm):
    """Drawn twice on the style guide: as one meets it, and refused."""

    title = StringField(
        _l("工作坊名称"),
        [InputRequired(_l("请填写名称，例如“2026 秋小学语文工作坊”。"))],
        description=_l("教师在首页看到的就是这个名称。"),
    )
    stage = RadioField(
        _l("学段"),
        [InputRequired(_l("请选择一个学段，分组和选坊要用。"))],
        choices=[
            SelectChoice("primary", _l("小学")),
            SelectChoice("middle", _l("初中")),
            SelectChoice("high", _l("高中")),
        ],
    )
    subjects = SelectMultipleField(
        _l("学科"),
        choices=[
            SelectChoice("chinese", _l("语文")),
            SelectChoice("mathematics", _l("数学")),
            SelectChoice("english", _l("英语")),
            SelectChoice("ethics", _l("道德与法治")),
            SelectChoice("pe", _l("体育与健康")),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    school = SelectField(
        _l("承办学校"),
        default="1",
        choices=[
            SelectChoice("1", "云溪县第一实验小学"),
            SelectChoice("2", "云溪县青石镇中心学校附属幼儿园及九年一贯制学校"),
        ],
    )
    password = PasswordField(_l("密码"))
    seats = IntegerField(
        _l("名额"), description=_l("每组约二十人，系统按人数建议组数。")
    )
    opens = DateField(_l("开始日期"))
    due = DateTimeLocalField(_l("截止时间"))
    notice = TextAreaField(_l("坊主的话"), [InputRequired(_l("请写几句话。"))])
    files = MultipleFileField(
        _l("附件"), description=_l("可选多个，每个不超过 20 MB；图片会自动压缩。")
    )
    agree = BooleanField(_l("同时通知全体学员"))
    contact = FormField(ContactForm, _l("联系人"))


class FilterForm(Form):
    """What stands above a list."""

    name = StringField(_l("姓名"))
    school = SelectField(
        _l("学校"),
        choices=[SelectChoice("", _l("全部")), SelectChoice("1", "云溪县第一实验小学")],
    )


class WritingForm(Form):
    """The sheet one writes on."""

    text = TextAreaField(_l("正文"))
