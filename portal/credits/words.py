"""Words of the credit path: what was refused why, and what the audit trail calls it."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.credits.codes import Code
from portal.words import error_words

GROUNDS: Mapping[str, LazyString] = {
    Code.MISSING_SCHEME: _l("没有考核方案"),
    Code.MISSING_THEME: _l("缺主题"),
    Code.MISSING_LECTURER: _l("缺主讲人"),
    Code.MISSING_PLACE: _l("缺地点"),
    Code.NO_EVIDENCE: _l("缺印证材料"),
    Code.NOT_QUALIFIED: _l("考核不合格"),
    Code.DUPLICATE_EVENT: _l("同一培训已登记过学分"),
    Code.BELOW_MIN_ATTENDANCE: _l("出勤未达到规定学时"),
    Code.ABSENT_IN_CIRCULAR: _l("缺训，已列入通报"),
    Code.NOT_THE_REGISTERED_PERSON: _l("参训的不是报名本人"),
    Code.OTHER: _l("其他"),
}
"""Why credit is not given."""

error_words(
    {
        "credit_amount": _l("学时和学分要大于 0，不超过 %(maximum)s，最多两位小数。"),
        "same_as_itself": _l("不能选这个工作坊自己。"),
        "same_as_chain": _l(
            "所选工作坊本身又与别的工作坊是同一次培训，请直接选最初的那一个。"
        ),
        "credits_decided": _l(
            "已经有人初审或审核过这个工作坊的学分，不能再改学时和学分。"
        ),
        "workshop_not_closed": _l("工作坊还没有结班，结班后才能申报学分。"),
        "credit_evidence_missing": _l(
            "印证材料不全，不能结班。请在“学分认定”里补齐缺少的内容，再来结班。"
        ),
        "refusal_code_missing": _l("请选择不予认定的原因。"),
        "refusal_reason_missing": _l("请写明理由，至少 %(minimum)s 个字。"),
        "own_claim": _l("不能办理自己的学分，请由别的负责人办理。"),
        "second_checker_needed": _l("您已初审过这份申报，审核要由另一位负责人办理。"),
        "claim_moved_on": _l("名单里有申报已经由别人处理，请刷新后再看。"),
        "publicity_days": _l("公示时间为 %(minimum)s 至 %(maximum)s 个工作日。"),
        "publicity_empty": _l("请先选择要公示的申报。"),
        "publicity_runs": _l("公示还没有期满，不能登记。"),
        "reversal_reason_missing": _l("请写明冲正的理由，至少 %(minimum)s 个字。"),
        "reopening_reason_missing": _l("请写明重新办理的理由，至少 %(minimum)s 个字。"),
        "nothing_to_reverse": _l("这份申报没有登记着的学分，不用冲正。"),
        "nothing_to_reopen": _l("只有不予认定或者已冲正的申报可以重新办理。"),
        "reversal_of_reversal": _l("这一条本身就是冲正，不能再冲正。"),
        "certificate_mistyped": _l(
            "查验码有误。它有 %(length)s 位数字，请对照证书核对后再试。"
        ),
        "certificate_unknown": _l(
            "没有查到这个查验码的证书，它不是本县登记的学分证书。"
        ),
    }
)

action_words(
    {
        "credits.rule_set": _l("设定学时学分"),
        "credits.claimed": _l("结班申报学分"),
        "credits.published": _l("公示学分"),
        "credits.reversed": _l("冲正学分"),
        "credits.reopened": _l("重新办理学分申报"),
    }
)
