"""Codes put into sentences that say what, where and what to do."""

from portal.api import PortalError
from portal.api import lazy_gettext as _l

_WORDS = {
    "not_open_yet": _l("还没有到开放的时间。"),
    "closed": _l("测验已经截止，不能再作答。"),
    "no_attempt_left": _l("作答次数已经用完。"),
    "no_paper": _l("试卷还没有题目，请等坊主出好题再来。"),
    "handed_in": _l("这份卷子已经交过了，以交上去的为准。"),
    "time_over": _l("时间已到。时间之内保存的答案有效，之后的不再计入。"),
    "paper_in_use": _l(
        "已经有人作答，试卷不能再增减题目或改分值。题目有错可以在题库里改正，再重新判分。"
    ),
    "paper_too_long": _l("一份试卷最多 %(most)s 题。"),
    "points_out_of_range": _l("每题的分值要大于 0，不超过 %(most)s，最多两位小数。"),
    "stem_missing": _l("还没有写题干。"),
    "stem_too_long": _l("题干不能超过 %(most)s 字。"),
    "options_too_few": _l("选择题至少要有两个选项。"),
    "options_too_many": _l("选项最多 %(most)s 个。"),
    "option_too_long": _l("每个选项不能超过 %(most)s 字。"),
    "options_alike": _l("有两个选项一样，请改掉一个。"),
    "key_missing": _l("请标出正确答案。"),
    "key_single": _l("这种题只能有一个正确答案；有几个正确答案时请改成多选题。"),
    "accepted_missing": _l("请至少写一个可以接受的答案。"),
    "import_too_long": _l("一次最多导入 %(most)s 题，请分几次。"),
    "mended_meanwhile": _l("别人刚刚改过这道题。请看过现在的内容再改。"),
    "question_of_others": _l("这道题属于上级单位的题库，只能使用，不能修改。"),
    "level_missing": _l("“%(criterion)s”还没有选等级。"),
    "level_unknown": _l("“%(criterion)s”没有您选的这个等级，请重新选择。"),
    "points_missing": _l("请填写得分。"),
    "points_beyond": _l("得分要在 0 到 %(most)s 之间。"),
    "remark_too_long": _l("评语不能超过 %(most)s 字。"),
    "marked_meanwhile": _l("别人刚刚批过这份答卷。请看过现在的分数再改。"),
}


def sentence(error: PortalError) -> str:
    """What went wrong, in the reader's language.

    Raises:
        PortalError: the same, where the portal has words for it and we do not.
    """
    words = _WORDS.get(error.code)
    if words is None:
        raise error
    return str(words) % error.params if error.params else str(words)
