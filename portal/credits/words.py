"""Words of the credit path: what was refused why, and what the audit trail calls it."""

from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.words import error_words

error_words(
    {
        "credit_amount": _l("学时和学分要大于 0，不超过 %(maximum)s，最多两位小数。"),
        "same_as_itself": _l("不能选这个工作坊自己。"),
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
    }
)
