"""Codes put into sentences that say what, where and what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.api import PortalError, Words
from portal.api import lazy_gettext as _l
from portal_attendance.models import How, Standing
from portal_attendance.refusals import REFUSALS

STANDINGS: Mapping[Standing, tuple[Words, str]] = {
    Standing.PRESENT: (_l("出勤"), "ok"),
    Standing.LATE: (_l("迟到"), "warn"),
    Standing.EARLY: (_l("早退"), "warn"),
    Standing.LATE_AND_EARLY: (_l("迟到、早退"), "warn"),
    Standing.ABSENT: (_l("缺勤"), "danger"),
    Standing.ON_LEAVE: (_l("请假"), "muted"),
}
"""What a standing is called, and in which colour it is shown."""

HOWS: Mapping[How, Words] = {
    How.CODE: _l("扫码签到"),
    How.LIST: _l("坊主登记"),
    How.CLOCK: _l("散场后自动结算"),
    How.LEAVE: _l("请假获批"),
    How.CORRECTION: _l("更正"),
    How.WORTH: _l("学时改正"),
}

FIVE: Mapping[str, Words] = {
    "theme": _l("主题"),
    "lecturer": _l("主讲人"),
    "time": _l("时间"),
    "place": _l("地点"),
    "list": _l("考勤名单"),
}
"""The five that an event needs, by their code."""

_WORDS = {
    "event_incomplete": _l("还缺%(missing)s，请先补齐。"),
    "event_closed": _l("活动已经结束归档，不能再改。考勤有误请申请更正。"),
    "session_reversed": _l("结束时间要晚于开始时间。"),
    "session_outside": _l(
        "场次要在整个活动的起止日期之内。请改场次的日期，或先改活动的起止日期。"
    ),
    "too_many_sessions": _l("一个活动最多 %(most)s 场。"),
    "session_cancelled": _l("这一场已经取消。"),
    "session_begun": _l("已经有人签到，这一场的时间和签到办法不能再改，也不能取消。"),
    "session_settled": _l("这一场的考勤已经结算，要改请用“更正”。"),
    "session_not_begun": _l("这一场还没有开始，开始以后才能登记名单。"),
    "reason_missing": _l("请写明原因。"),
    "reason_too_long": _l("原因不能超过 %(most)s 字。"),
    "not_opened": _l("坊主还没有开放签到，请稍后再试，或告诉坊主。"),
    "sign_in_early": _l("还没到签到时间，请到时间再来。"),
    "sign_in_over": _l("签到时间已过。您在场的话，请坊主在名单上登记，或申请更正。"),
    "sign_out_early": _l("还没到签退时间。"),
    "sign_out_over": _l("签退时间已过。您没有早退的话，请申请更正。"),
    "signs_not_out": _l("这一场不用签退。"),
    "not_signed_in": _l("您还没有签到，不能签退。请先签到。"),
    "code_missing": _l("请输入大屏幕上的六位签到码。"),
    "code_stale": _l(
        "这个签到码已经过期。签到码每 20 秒换一次，请输入大屏幕上现在的数字。"
    ),
    "code_of_another": _l(
        "这是另一场活动的签到码。请看清您在哪一场，输入这一场大屏幕上的数字。"
    ),
    "code_wrong": _l("签到码不对。请输入大屏幕上现在的六位数字。"),
    "too_many_guesses": _l(
        "输错的次数太多，请过 %(minutes)s 分钟再试，或请坊主在名单上登记。"
    ),
    "try_again": _l("签到的人太多，没有成功，请再试一次。"),
    "decided_meanwhile": _l("别人刚刚处理过了，请看现在的结果。"),
    "own_sign_in": _l("不能核实自己的签到，请别的坊主处理。"),
    "own_line": _l("不能登记自己的考勤，请别的坊主或县里的干部登记。"),
    "leave_not_approved": _l(
        "%(name)s这一场没有准假（学校和教育局都批准才算），不能记为请假。"
    ),
    "list_incomplete": _l("还有 %(many)s 人没有登记，请给每个人选一项。"),
    "mark_is_so": _l("考勤记录本来就是这样，不用更正。"),
    "not_settled": _l("这一场的考勤还没有结算，请坊主直接在名单上改。"),
    "correction_waits": _l("已经有一份更正申请等待审核，请等审核以后再申请。"),
    "own_correction": _l("自己提出的或关于自己的更正，要由别人审核。"),
}


def names_of(missing: Iterable[str]) -> str:
    """Which of the five are meant, as one reads them in a sentence."""
    return "、".join(str(FIVE[code]) for code in missing)


def sentence(error: PortalError) -> str:
    """What went wrong, in the reader's language.

    Raises:
        PortalError: the same, where the portal has words for it and we do not.
    """
    words = _WORDS.get(error.code) or REFUSALS.get(error.code)
    if words is None:
        raise error
    params: dict[str, Any] = dict(error.params)
    if "missing" in params:
        params["missing"] = names_of(params["missing"])
    if "sessions" in params:
        params["sessions"] = "、".join(params["sessions"])
    return str(words) % params if params else str(words)
