"""Every note of a score sheet, as a sentence: its parameters are words already."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

Params = Mapping[str, str | int]
Sentence = Callable[[Params], str]

SENTENCES: Mapping[str, Sentence] = {
    "nothing": lambda p: _("还没有可计的记录。"),
    "not_marked": lambda p: _("还没有评分。"),
    "amount": lambda p: _("共%(amount)s，只看数量，不计分。", **p),
    "rejected": lambda p: _("“%(title)s”因雷同或不合要求被驳回，不计分。", **p),
    "exempt": lambda p: _("“%(title)s”当期已准假，不列入任务。", **p),
    "late": lambda p: _("“%(title)s”迟交%(lateness)s，按%(factor)s计。", **p),
    "too_late": lambda p: _("“%(title)s”迟交%(lateness)s，不计分。", **p),
    "price_exact": lambda p: _(
        "%(amount)s，每%(unit)s计%(each)s分，得%(points)s分。", **p
    ),
    "price_whole": lambda p: _(
        "%(amount)s含%(count)s个整%(unit)s，每个计%(each)s分，得%(points)s分。", **p
    ),
    "price_started": lambda p: _(
        "%(amount)s按%(count)s个%(unit)s算（不足一个按一个），"
        "每个计%(each)s分，得%(points)s分。",
        **p,
    ),
    "price_below": lambda p: _(
        "%(amount)s，未达%(start)s，还差%(lacks)s，不得分。", **p
    ),
    "price_start": lambda p: _("%(amount)s：满%(start)s得%(base)s分。", **p),
    "price_from_exact": lambda p: _(
        "%(amount)s：满%(start)s得%(base)s分，其余%(beyond)s每%(unit)s计%(each)s分，"
        "共得%(points)s分。",
        **p,
    ),
    "price_from_whole": lambda p: _(
        "%(amount)s：满%(start)s得%(base)s分，其余%(beyond)s含%(count)s个整%(unit)s，"
        "每个计%(each)s分，共得%(points)s分。",
        **p,
    ),
    "price_from_started": lambda p: _(
        "%(amount)s：满%(start)s得%(base)s分，其余%(beyond)s按%(count)s个%(unit)s算"
        "（不足一个按一个），每个计%(each)s分，共得%(points)s分。",
        **p,
    ),
    "shortfall_none": lambda p: _("%(amount)s，达到%(target)s，得%(points)s分。", **p),
    "shortfall_exact": lambda p: _(
        "%(amount)s，比%(target)s少%(lacks)s，每%(unit)s扣%(each)s分，"
        "从%(full)s分扣到%(points)s分。",
        **p,
    ),
    "shortfall_whole": lambda p: _(
        "%(amount)s，比%(target)s少%(lacks)s，含%(count)s个整%(unit)s，"
        "每个扣%(each)s分，从%(full)s分扣到%(points)s分。",
        **p,
    ),
    "shortfall_started": lambda p: _(
        "%(amount)s，比%(target)s少%(lacks)s，按%(count)s个%(unit)s算"
        "（不足一个按一个），每个扣%(each)s分，从%(full)s分扣到%(points)s分。",
        **p,
    ),
    "deduct_none": lambda p: _("没有扣分，得%(points)s分。", **p),
    "deduct": lambda p: _(
        "%(amount)s，每%(unit)s扣%(each)s分，从%(full)s分扣到%(points)s分。", **p
    ),
    "cliff": lambda p: _("%(amount)s，未达%(start)s，还差%(lacks)s，不计。", **p),
    "cap": lambda p: _("%(before)s超过上限%(limit)s，减去%(cut)s。", **p),
    "highest": lambda p: _("只取最高的%(keep)s项，另%(dropped)s项不计。", **p),
    "highest_others": lambda p: _(
        "最高的%(keep)s项全计，另%(dropped)s项每项最多计%(others)s分。", **p
    ),
    "void": lambda p: _("%(reached)s，已达%(at_least)s，本项作零。", **p),
    "points_to_pass": lambda p: _("还差%(points)s分合格。", **p),
    "units_to_pass": lambda p: _("“%(title)s”再增加%(amount)s即可合格。", **p),
    "awaits_mark": lambda p: _("“%(title)s”还没有评分。", **p),
    "gate_amount": lambda p: _("“%(title)s”须达到%(at_least)s，还差%(lacks)s。", **p),
    "gate_points": lambda p: _("“%(title)s”须得到%(at_least)s，还差%(lacks)s。", **p),
}
"""Every code that the engine gives, and how it is said."""
