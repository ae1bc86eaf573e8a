"""Codes put into sentences that say what, where and what to do."""

from portal.api import PortalError, error_sentence
from portal.api import lazy_gettext as _l

_WORDS = {
    "not_open_yet": _l("还没有到开放的时间。"),
    "over": _l("讨论已经结束，不能再发帖。您写的内容还在草稿里。"),
    "topic_closed": _l("这个主题已经关闭，不能再回帖。您写的内容还在草稿里。"),
    "own_essence": _l("自己的帖子要由别人设为精华。"),
    "removed_by_another": _l("您的这一帖是别人删除的，要由别人恢复。"),
    "topic_closed_to_edits": _l("这个主题已经关闭，不能再修改。"),
    "editing_over": _l("已经过了可以修改的时间。"),
    "edited_meanwhile": _l("这一帖在别的窗口改过了。请看过现在的文字再改。"),
    "removed_meanwhile": _l("这一帖已经被删除，不能再改。"),
    "no_essence_left": _l("精华名额只有 %(most)s 个，已经用完。先取消一个再设。"),
    "too_many_files": _l("一帖最多附 %(most)s 个文件。"),
    "not_for_essence": _l("已删除的帖子不能设为精华。"),
}


def sentence(error: PortalError) -> str:
    """What went wrong, in the reader's language."""
    words = _WORDS.get(error.code)
    if words is None:
        return error_sentence(error)
    return str(words) % error.params if error.params else str(words)
