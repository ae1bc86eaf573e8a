"""Codes of seats, circulars, photos, and closing put into sentences."""

from collections.abc import Mapping

from portal.api import Words
from portal.api import lazy_gettext as _l

REFUSALS: Mapping[str, Words] = {
    # seats
    "deadline_passed": _l("截止时间要晚于现在，请改一个时间。"),
    "no_school_chosen": _l("还没有选学校，请勾选至少一所。"),
    "seat_number": _l("名额数要在 1 到 %(most)s 之间。"),
    "seats_locked": _l("名单已经锁定，不能再改。要换人，请提出换人申请。"),
    "seats_taken": _l("已经报了 %(named)s 人，名额不能比这更少。请先让学校撤下几位。"),
    "seats_full": _l("这 %(number)s 个名额已经报满。要换人，请先撤下一位。"),
    "named_already": _l("%(name)s在本次活动里已经报过名，不能再占一个名额。"),
    "not_eligible": _l("%(name)s不符合条件：%(reasons)s。"),
    # substitutions
    "list_open": _l("名单还没有锁定，现在可以直接改名单，不用申请换人。"),
    "event_started": _l("活动已经开始，不能再换人。"),
    "substitution_waits": _l("这个名额已经有一份换人申请在等待审批。"),
    "own_substitution": _l("自己提出的或与自己有关的换人申请，要由别人审批。"),
    "reason_short": _l("请写明原因，至少 %(least)s 个字。"),
    # circulars
    "no_session_chosen": _l("请选择考勤已经结算的场次。"),
    "published_already": _l(
        "%(sessions)s已经通报过，一场只通报一次。要改正请用“更正”，通报下面会附上更正。"
    ),
    # photos and the lecturer's result
    "no_photo": _l("请选择照片。"),
    "not_a_picture": _l("“%(name)s”不是图片，请上传 JPG、PNG 或 WebP 格式的照片。"),
    "photo_removed": _l("“%(name)s”已经被坊主撤下，不能再传。"),
    "photo_archived": _l(
        "活动已经结束归档。照片不宜保留的，请告诉坊主，由坊主写明原因撤下。"
    ),
    "too_many_photos": _l("一个活动最多 %(most)s 张照片，请先撤下几张。"),
    "outcome_empty": _l("请写下成果的内容，或上传一个文件。"),
    "outcome_too_long": _l("成果的文字不能超过 %(most)s 字，请改为上传文件。"),
    # closing
    "not_ready": _l("还有 %(many)s 项没有补齐，不能结束。"),
}
