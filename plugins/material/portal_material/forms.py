"""The settings, and what the leader fills in for a material."""

from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
)

from portal.api import FileRef, Form, SettingsForm
from portal.api import lazy_gettext as _l
from portal_material.items import Draft
from portal_material.models import LONGEST_TITLE, LONGEST_URL, Item, Kind

LONGEST_TEXT = 50_000
MOST_MINUTES = 600
MINUTES_A_DAY = 24 * 60


class MaterialSettings(SettingsForm):
    """How much of a day counts."""

    day_minutes = IntegerField(
        _l("每天最多计多少分钟"),
        default=180,
        validators=[InputRequired(), NumberRange(1, MINUTES_A_DAY)],
        description=_l("本活动所有资料合起来。每份资料另有自己的上限。"),
    )


class ItemForm(Form):
    """What every material has."""

    title = StringField(
        _l("标题"),
        validators=[
            DataRequired(_l("请写标题。")),
            Length(max=LONGEST_TITLE),
        ],
        filters=[lambda text: text.strip() if text else text],
    )
    version = HiddenField(default="0")

    @classmethod
    def values(cls, item: Item) -> dict[str, Any]:
        """The form's data for a material to be changed."""
        own = ("title", "text", "url", "minutes", "required_minutes", "required")
        return {name: getattr(item, name) for name in own}

    def draft(self, file: FileRef | None, subtitles: str = "") -> Draft:
        """What the leader says, with the file and subtitles that belong to it."""
        data = self.data
        return Draft(
            title=data["title"],
            text=(data.get("text") or "").replace("\r\n", "\n"),
            url=(data.get("url") or "").strip(),
            file=file,
            subtitles=subtitles,
            minutes=data.get("minutes") or 0,
            required_minutes=data.get("required_minutes") or 0,
            required=bool(data["required"]),
        )


def _text(label: Any, description: Any = "", rows: int = 4) -> Any:
    return TextAreaField(
        label,
        validators=[Length(max=LONGEST_TEXT)],
        description=description,
        render_kw={"rows": rows},
    )


def _url(label: Any, *, description: Any = "", needed: bool) -> Any:
    missing = InputRequired(_l("请写网址。")) if needed else Optional()
    return StringField(
        label,
        validators=[
            missing,
            Length(max=LONGEST_URL),
            Regexp(
                r"\s*https?://[^\s\\]+\s*\Z",
                message=_l("网址要以 http:// 或 https:// 开头，中间没有空格。"),
            ),
        ],
        description=description,
        render_kw={"inputmode": "url"},
    )


def _minutes(default: int, description: Any) -> Any:
    return IntegerField(
        _l("最多计多少分钟"),
        default=default,
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
        description=description,
    )


def _required_minutes() -> Any:
    return IntegerField(
        _l("至少学多少分钟"),
        default=0,
        validators=[InputRequired(), NumberRange(0, MOST_MINUTES)],
        description=_l("填 0 则打开过就算完成。"),
    )


def _required() -> Any:
    return BooleanField(
        _l("必学"), default=True, description=_l("必学的都完成，这个活动才算完成。")
    )


class PageForm(ItemForm):
    """A text."""

    text = _text(
        _l("正文"),
        _l("一行一段。行首加“# ”是小标题，加“- ”是列表，网址会变成链接。"),
        rows=16,
    )
    minutes = _minutes(10, _l("填 0 则不计时，只计打开。"))
    required_minutes = _required_minutes()
    required = _required()


class FileForm(ItemForm):
    """A document or a picture."""

    upload = FileField(_l("文件"))
    text = _text(_l("说明"))
    minutes = _minutes(
        0,
        _l("只计本页打开着的时间；下载后在别的软件里读，系统看不到。填 0 则只计打开。"),
    )
    required_minutes = _required_minutes()
    required = _required()


class LinkForm(ItemForm):
    """A page of another site."""

    url = _url(_l("网址"), needed=True)
    text = _text(_l("说明"), _l("外站的学习时间系统看不到，只计打开。"))
    required = _required()


class VideoForm(ItemForm):
    """A video that is kept here, or one of another site."""

    upload = FileField(_l("视频文件"), render_kw={"accept": "video/mp4,.mp4,.m4v"})
    subtitles = FileField(
        _l("字幕"),
        description=_l("srt 或 vtt 文件，可以不传。不方便出声的老师靠它学。"),
        render_kw={"accept": ".srt,.vtt,text/vtt"},
    )
    no_subtitles = BooleanField(_l("去掉现在的字幕"))
    url = _url(
        _l("或者外站的网址"),
        description=_l("在外站播放，只计打开；“最多计多少分钟”请填 0。"),
        needed=False,
    )
    text = _text(_l("说明"))
    minutes = _minutes(40, _l("一般填视频的长度。填 0 则只计打开。"))
    required_minutes = _required_minutes()
    required = _required()


FORMS: dict[Kind, type[ItemForm]] = {
    Kind.PAGE: PageForm,
    Kind.FILE: FileForm,
    Kind.LINK: LinkForm,
    Kind.VIDEO: VideoForm,
}


def upload_of(form: wtforms.Form, name: str = "upload") -> Any:
    """The file that was chosen, if the form takes one and one was chosen."""
    upload = form.data.get(name)
    return upload if getattr(upload, "filename", "") else None
