"""Codes put into sentences that say what, where and what to do."""

from portal.api import PortalError, error_sentence
from portal.api import lazy_gettext as _l
from portal_material.models import Kind
from portal_material.seats import Standing
from portal_material.signs import Sign

KINDS = {
    Kind.PAGE: _l("文本"),
    Kind.FILE: _l("文件"),
    Kind.LINK: _l("链接"),
    Kind.VIDEO: _l("视频"),
}
ICONS = {
    Kind.PAGE: "book",
    Kind.FILE: "file",
    Kind.LINK: "link",
    Kind.VIDEO: "eye",
}

STANDINGS = {
    Standing.COUNTING: _l("正在计时。"),
    Standing.PAUSED: _l("计时已暂停。"),
    Standing.LEFT: _l("这一页已经离开过，计时停了。"),
    Standing.ELSEWHERE: _l(
        "您在别处打开了学习资料，这里不再计时。同一时间只在一处计时。"
    ),
    Standing.FULL: _l("这份资料的时间已经计满，可以接着看，不再计时。"),
    Standing.DAY_FULL: _l("今天的时间已经计满，明天再学会接着计。"),
    Standing.EARLY: _l("还没有到开放的时间，现在可以看，不计时。"),
    Standing.CLOSED: _l("活动已经截止，可以看，不再计时。"),
    Standing.UNCOUNTED: _l("这份资料只计打开，已经记下。"),
}
"""What the page says about its time."""

SIGNS = {
    Sign.LONG_DAY: _l("有一天学了 6 小时以上"),
    Sign.NIGHT: _l("有一天在 0 点到 5 点学了 1 小时以上"),
    Sign.MANY_PLACES: _l("有一天 5 次以上换到别处学"),
    Sign.RUSH: _l("1 分钟内首次打开了 5 份以上"),
    Sign.GAPS: _l("网络时断时续，少计了 30 分钟以上"),
}

_WORDS = {
    "list_full": _l("一个活动最多放 %(most)s 份资料。"),
    "page_empty": _l("还没有写正文。"),
    "file_missing": _l("请选择文件。"),
    "link_missing": _l("请写网址。"),
    "either_or": _l("请上传视频文件，或者写外站的网址，二者选一。"),
    "minutes_unseen": _l("外站的学习时间系统看不到，“最多计多少分钟”请填 0。"),
    "required_beyond": _l("“至少学多少分钟”不能超过“最多计多少分钟”。"),
    "subtitles_unreadable": _l("字幕读不出来。请用 srt 或 vtt 文件，不超过 1 MB。"),
    "changed_meanwhile": _l("别人刚刚改过这份资料。请看过现在的内容再改。"),
}


def sentence(error: PortalError) -> str:
    """What went wrong, in the reader's language."""
    words = _WORDS.get(error.code)
    if words is None:
        return error_sentence(error)
    return str(words) % error.params if error.params else str(words)
