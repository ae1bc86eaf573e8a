"""What is wrong with a scheme document, in the reader's language."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from portal.schemes.documents.reading import Problem

Params = Mapping[str, str | int]


def say(problem: Problem) -> str:
    """The place and what is expected there."""
    sentence = SENTENCES[problem.code](problem.params)
    if not problem.place:
        return sentence
    place = problem.place
    return str(_("%(place)s：%(sentence)s", place=place, sentence=sentence))


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "not_json": lambda p: _("这一行这一列起不是 JSON，请检查引号、逗号和括号。"),
    "key_twice": lambda p: _("“%(key)s”在同一处写了两次，请只留一个。", **p),
    "expected_format": lambda p: _("应为本门户认识的格式号 %(format)s。", **p),
    "expected_object": lambda p: _("应为一个对象：{…}。"),
    "expected_list": lambda p: _("应为一个列表：[…]。"),
    "expected_list_of": lambda p: _("应为至少有 %(least)s 项的列表。", **p),
    "expected_list_up_to": lambda p: _("列表最多 %(most)s 项。", **p),
    "expected_text": lambda p: _("应为文字，不能空着。"),
    "unwritable": lambda p: _("有无法保存的字符，请删去。"),
    "unfit_key": lambda p: _(
        "有一个键太长，或有无法保存的字符；键最多 %(longest)s 个字符。", **p
    ),
    "too_long": lambda p: _("太长了，最多 %(longest)s 个字符。", **p),
    "expected_name": lambda p: _(
        "应为名称：以小写字母开头，只含小写字母、数字、下划线，可用冒号或点分段。"
    ),
    "expected_one_of": lambda p: _("应为其中之一：%(allowed)s。", **p),
    "expected_number": lambda p: _("应为数。"),
    "expected_above": lambda p: _("应为大于 0 的数。"),
    "expected_not_negative": lambda p: _("应为不小于 0 的数。"),
    "number_too_fine_or_large": lambda p: _(
        "数太大，或小数超过 %(decimals)s 位。", **p
    ),
    "expected_whole": lambda p: _("应为 %(least)s 到 %(most)s 的整数。", **p),
    "expected_stage": lambda p: _("应为阶段的序号：1 到 %(most)s。", **p),
    "unknown_key": lambda p: _("没有这一项，可写的有：%(allowed)s。", **p),
    "missing_key": lambda p: _("缺少这一项。"),
    "counts_or_items": lambda p: _("“counts”和“items”应写且只写一个。"),
    "limit_or_limits": lambda p: _("“limit”和“limits”应写且只写一个。"),
    "limits_per_stage": lambda p: _('分阶段的上限应同时写明 "per": "stage"。'),
    "too_deep": lambda p: _("分项套分项最多 %(deepest)s 层。", **p),
    "priced_twice": lambda p: _("一个分项只能折算一次。"),
    "unpriced": lambda p: _(
        "计的是 %(measure)s，还缺一步把它折成分数：price、shortfall 或 deduct。", **p
    ),
    "late_in_group": lambda p: _("迟交折算应写在计数的分项里，不写在合计项里。"),
    "rungs_in_order": lambda p: _("迟交的各档应从短到长，不能重复。"),
    "factors_fall": lambda p: _("迟交越久系数应越小，且不大于 1。"),
    "base_without_start": lambda p: _("写了“base”就应写“start”：从多少起得这个分。"),
    "floor_over_points": lambda p: _("最低分不能高于起始分。"),
    "id_twice": lambda p: _("“%(id)s”用了两次，名称不能重复。", **p),
    "bands_in_order": lambda p: _("等级应从高到低排列，起点不能相同。"),
    "expected_yes_or_no": lambda p: _("应为 true 或 false。"),
    "expected_dated": lambda p: _("应为来源的年份或日期，如 2015 或 2015-09-01。"),
    "expected_share": lambda p: _("应为不大于 1 的比例，如 0.2。"),
    "share_or_places": lambda p: _("“share”和“places”只能写一个。"),
    "unknown_item": lambda p: _("没有名称为“%(id)s”的项目。", **p),
    "all_aside": lambda p: _("不能所有项目都只作参考，总分至少要有一项。"),
    "levels_without_bands": lambda p: _("只显示等级时，应写明各等级“bands”。"),
    "pass_out_of_reach": lambda p: _("合格线高于可得的最高分 %(most)s。", **p),
}
"""Every code of a problem, and how it is said."""
