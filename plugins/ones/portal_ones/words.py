"""Where a work stands, in words."""

from portal.api import SubmissionState
from portal.api import lazy_gettext as _l

STATES = {
    SubmissionState.DRAFT: (_l("写了一半"), "warn"),
    SubmissionState.HANDED_IN: (_l("等待审核"), "accent"),
    SubmissionState.RETURNED: (_l("退回修改"), "warn"),
    SubmissionState.HELD: (_l("待核查"), "warn"),
    SubmissionState.REJECTED: (_l("不通过"), "danger"),
    SubmissionState.ACCEPTED: (_l("已完成"), "ok"),
}
"""Word and kind of each state."""
