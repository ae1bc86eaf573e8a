"""The words for codes that the pages of the credit path show."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.credits.models import (
    ClaimState,
    CreditCategory,
    PublicityState,
    Step,
    Verdict,
)

Word = tuple[LazyString, str]
"""A state's word and its kind: ok, warn, danger, accent or muted."""

STATES: dict[str, Word] = {
    ClaimState.LACKING: (_l("缺证据"), "warn"),
    ClaimState.CLAIMED: (_l("学校初审中"), "accent"),
    ClaimState.PRECHECKED: (_l("县级审核中"), "accent"),
    ClaimState.RECOGNISED: (_l("已认定，待公示"), "accent"),
    ClaimState.IN_PUBLICITY: (_l("公示中"), "accent"),
    ClaimState.REGISTERED: (_l("已登记"), "ok"),
    ClaimState.REFUSED: (_l("不予认定"), "danger"),
    ClaimState.REVERSED: (_l("已冲正"), "danger"),
}

CATEGORIES: dict[str, LazyString] = {
    CreditCategory.SCHOOL_BASED: _l("校本研修"),
    CreditCategory.ONLINE: _l("网络研修"),
    CreditCategory.GROUP: _l("集中培训"),
    CreditCategory.SHORT: _l("短期培训"),
    CreditCategory.ETHICS: _l("师德培训"),
}

PUBLICITY_STATES: dict[str, Word] = {
    PublicityState.RUNNING: (_l("公示中"), "accent"),
    PublicityState.ENDED: (_l("公示结束"), "muted"),
}

DECISIONS: dict[tuple[str, str], LazyString] = {
    (Step.GATE, Verdict.PASSED): _l("结班申报：符合条件"),
    (Step.GATE, Verdict.REFUSED): _l("结班申报：不符合条件"),
    (Step.GATE, Verdict.LACKING): _l("结班申报：缺证据"),
    (Step.PRECHECK, Verdict.PASSED): _l("学校初审：通过"),
    (Step.PRECHECK, Verdict.REFUSED): _l("学校初审：不予认定"),
    (Step.PRECHECK, Verdict.LACKING): _l("学校初审：缺证据"),
    (Step.AUDIT, Verdict.PASSED): _l("县级审核：予以认定"),
    (Step.AUDIT, Verdict.REFUSED): _l("县级审核：不予认定"),
    (Step.AUDIT, Verdict.LACKING): _l("县级审核：缺证据"),
    (Step.REVERSAL, Verdict.REFUSED): _l("冲正：登记作废"),
    (Step.REOPENING, Verdict.PASSED): _l("重新办理"),
}
