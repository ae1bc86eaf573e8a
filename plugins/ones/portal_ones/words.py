"""Where a work stands, in words."""

from enum import StrEnum

from portal.api import SubmissionState
from portal.api import lazy_gettext as _l

STATES = {
    SubmissionState.DRAFT: (_l("写了一半"), "warn"),
    SubmissionState.HANDED_IN: (_l("等待审核"), "accent"),
    SubmissionState.RETURNED: (_l("已退回"), "warn"),
    SubmissionState.HELD: (_l("待核查"), "warn"),
    SubmissionState.REJECTED: (_l("不通过"), "danger"),
    SubmissionState.ACCEPTED: (_l("已完成"), "ok"),
}
"""Word and kind of each state."""


class Standing(StrEnum):
    """Where one of the ones stands for its author: its work's state, else its date."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    OPEN = "open"
    LATE = "late"
    MISSED = "missed"
    EXEMPT = "exempt"
    FUTURE = "future"


STANDINGS = {
    **{Standing(str(state)): words for state, words in STATES.items()},
    Standing.OPEN: (_l("还没有交"), "accent"),
    Standing.LATE: (_l("已过截止，可补交"), "danger"),
    Standing.MISSED: (_l("缺交"), "danger"),
    Standing.EXEMPT: (_l("免交"), "muted"),
    Standing.FUTURE: (_l("未开始"), "muted"),
}
"""Word and kind of each standing."""
