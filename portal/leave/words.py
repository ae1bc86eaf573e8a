"""Words of leave: its states, its reasons, and what was refused why."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.leave.models import LeaveState
from portal.leave.service import ReasonClass
from portal.words import error_words

STATES: Mapping[str, tuple[LazyString, str]] = {
    LeaveState.DRAFT: (_l("草稿"), "muted"),
    LeaveState.AT_SCHOOL: (_l("待校审"), "accent"),
    LeaveState.AT_BUREAU: (_l("待局审"), "accent"),
    LeaveState.APPROVED: (_l("已准假"), "ok"),
    LeaveState.REFUSED: (_l("已驳回"), "danger"),
    LeaveState.WITHDRAWN: (_l("撤回"), "muted"),
}
REASONS: Mapping[str, LazyString] = {
    ReasonClass.SICK: _l("病假"),
    ReasonClass.PERSONAL: _l("事假"),
    ReasonClass.OFFICIAL: _l("公务"),
    ReasonClass.MATERNITY: _l("产假、陪产假"),
    ReasonClass.MARRIAGE: _l("婚假"),
    ReasonClass.BEREAVEMENT: _l("丧假"),
    ReasonClass.OTHER: _l("其他"),
}

error_words(
    {
        "leave_dates_reversed": _l("结束日期不能早于开始日期。"),
        "leave_too_long": _l("一次请假最多 %(days)s 天，更长的请分次申请。"),
        "leave_reason_missing": _l("请写明理由，至少 %(minimum)s 个字。"),
        "unknown_reason_class": _l("请选择请假类别。"),
        "leave_without_school": _l("您现在没有任职学校，不能请假。请联系师训干部。"),
        "leave_overlaps": _l("这几天与您的另一次请假重叠，请先撤回那一次或改日期。"),
        "leave_not_draft": _l("这次请假已经提交，不能再改。需要改动请先撤回。"),
        "leave_too_late": _l(
            "请假要在事前办理，最迟在开始后 %(days)s 天内提交。"
            "这次已经过期，只能留作草稿。"
        ),
        "leave_moved_on": _l("这次请假已经由别人处理，或者已经撤回。"),
        "leave_begun": _l("准假已经开始，不能撤回。"),
        "own_leave": _l("不能审批自己的请假，请由别的负责人审批。"),
        "second_approver_needed": _l(
            "您已在学校一级审批过，局里要由另一位负责人审批：一人审批不算准假。"
        ),
    }
)

action_words(
    {
        "leave.passed": _l("学校同意请假"),
        "leave.approved": _l("准假"),
        "leave.refused": _l("驳回请假"),
        "leave.withdrawn": _l("撤回请假"),
    }
)
