"""Notices of the portal put into words, when they are read and for who reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.credits.words import GROUNDS
from portal.i18n import due_in_words
from portal.notifications.models import Notice, NoticeKind
from portal.notifications.service import BY_PLUGIN, Reminder
from portal.web import safe_path
from portal.words import error_words

error_words(
    {
        "notice_title": _l("请填写一行标题，不超过 %(maximum)s 个字。"),
        "notice_too_long": _l("正文不能超过 %(maximum)s 个字。"),
        "notice_for_nobody": _l("没有人会收到这条通知，请先选择收件人。"),
        "notice_needs_no_confirmation": _l("这条通知不需要签收。"),
        "reminder_outside": _l("名单里有不归您负责的人，请重新选择。"),
    }
)


@dataclass(frozen=True)
class Wording:
    """What a code says, and where it leads; both may use the notice's parameters."""

    title: LazyString
    body: LazyString
    link: Callable[[Mapping[str, Any]], str | None] = lambda params: None


def _submission(params: Mapping[str, Any]) -> str:
    return url_for("submissions.submission", submission_id=params["submission_id"])


def _desk(params: Mapping[str, Any]) -> str:
    return url_for("submissions.judge", submission_id=params["submission_id"])


def _credit(params: Mapping[str, Any]) -> str:
    return url_for("credits.claim", claim_id=params["claim_id"])


def _writing(params: Mapping[str, Any]) -> str:
    return url_for(
        "submissions.write",
        activity_id=params["activity_id"],
        slot_key=params["slot_key"],
    )


def _activity(params: Mapping[str, Any]) -> str:
    there = safe_path(params.get("url"))
    return there or url_for("plugins.activity", activity_id=params["activity_id"])


_WORDINGS = {
    "returned": Wording(
        _l("“%(slot)s”已退回，请修改后再交"),
        _l("%(activity)s\n修改意见：%(advice)s"),
        _submission,
    ),
    "remark": Wording(
        _l("“%(slot)s”有了新评语"), _l("%(activity)s\n评语：%(remark)s"), _submission
    ),
    "rejected": Wording(
        _l("“%(slot)s”未通过"), _l("%(activity)s\n%(reason)s"), _submission
    ),
    "copied": Wording(
        _l("“%(slot)s”与他人文字雷同，未通过"),
        _l("%(activity)s\n如有异议，请与坊主联系。"),
        _submission,
    ),
    "copied_in_group": Wording(
        _l("%(name)s的“%(slot)s”与他人文字雷同"),
        _l("%(activity)s\n系统已判为未通过，您可以查看原文后改判。"),
        _desk,
    ),
    "held_in_group": Wording(
        _l("%(name)s的“%(slot)s”待您核实"),
        _l("%(activity)s\n与另一篇文字的相似度为 %(percent)s%%，请查看后决定。"),
        _desk,
    ),
    "due": Wording(
        _l("“%(slot)s”%(due)s截止"),
        _l("%(activity)s\n您还没有提交。草稿会自动保存，可以分几次写完。"),
        _writing,
    ),
    "due_here": Wording(
        _l("“%(slot)s”%(due)s截止"),
        _l("%(activity)s\n您还没有完成。"),
        _activity,
    ),
    "leave_approved": Wording(
        _l("请假已批准"), _l("请假期间要交的内容不计入应交篇数。")
    ),
    "leave_refused": Wording(_l("请假未批准"), _l("理由：%(reason)s")),
    "credit_lacking": Wording(
        _l("“%(title)s”的学分还不能登记"),
        _l("原因：%(codes)s。材料补齐后，由学校重新申报。"),
        _credit,
    ),
    "credit_refused": Wording(
        _l("“%(title)s”的学分不予认定"), _l("原因：%(codes)s\n%(reason)s"), _credit
    ),
    "credit_registered": Wording(
        _l("“%(title)s”的学分已登记"),
        _l("%(year)s 年：%(hours)s 学时，%(credits)s 学分。"),
        _credit,
    ),
    "credit_reversed": Wording(
        _l("“%(title)s”的学分已冲正"), _l("这一条不再计入。理由：%(reason)s"), _credit
    ),
}


def title_of(notice: Notice) -> str:
    """The notice's title in the reader's language."""
    if not notice.code:
        return notice.title
    if notice.code == BY_PLUGIN:
        return _in_language(notice, "title")
    wording = _WORDINGS.get(notice.code)
    return str(wording.title) % _shown(notice) if wording else _("通知")


def body_of(notice: Notice) -> str:
    """The notice's text in the reader's language; plain, with line breaks."""
    if not notice.code:
        return notice.body
    if notice.code == BY_PLUGIN:
        return _in_language(notice, "body")
    wording = _WORDINGS.get(notice.code)
    return str(wording.body) % _shown(notice) if wording else ""


def link_of(notice: Notice) -> str | None:
    """Where the notice leads, if anywhere."""
    wording = _WORDINGS.get(notice.code)
    if wording is not None:
        return wording.link(notice.params)
    return notice.url or None


def _in_language(notice: Notice, part: str) -> str:
    """What a plugin said, in the reader's language, else in the first it has."""
    said: dict[str, str] = notice.params[part]
    return said.get(str(get_locale())) or next(iter(said.values()), "")


def _shown(notice: Notice) -> dict[str, Any]:
    shown = dict(notice.params)
    if due := shown.get("due"):
        shown["due"] = due_in_words(datetime.fromisoformat(due))
    if codes := shown.get("codes"):
        shown["codes"] = _("、").join(str(GROUNDS[code]) for code in codes)
    return shown


def sender_of(notice: Notice) -> str:
    """Who sent the notice."""
    if notice.sender is not None:
        return notice.sender.name
    return _("系统") if notice.code else _("已注销的用户")


KINDS: Mapping[NoticeKind, LazyString] = {
    NoticeKind.NOTICE: _l("通知"),
    NoticeKind.REMINDER: _l("提醒"),
    NoticeKind.RETURNED: _l("退回"),
    NoticeKind.REJECTED: _l("未通过"),
    NoticeKind.REMARK: _l("评语"),
    NoticeKind.DUE: _l("快到期"),
    NoticeKind.HELD: _l("待核实"),
    NoticeKind.LEAVE: _l("请假"),
    NoticeKind.CREDIT: _l("学分"),
    NoticeKind.ACTIVITY: _l("活动"),
}


def short_link(notice: Notice) -> str:
    """The address to paste into a chat group."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    return base + url_for("notifications.short", short_code=notice.short_code)


def text_for_a_group(notice: Notice, names: Sequence[str]) -> str:
    """A text to paste into a chat group: what it is about, who is meant, the link."""
    return _(
        "【%(title)s】\n请以下 %(count)s 位老师查看：%(names)s\n%(link)s",
        title=title_of(notice),
        count=len(names),
        names=_("、").join(names),
        link=short_link(notice),
    )


def text_of_reminder(reminder: Reminder) -> str:
    """The text for a chat group that goes with a reminder."""
    return text_for_a_group(reminder.notice, reminder.names)
