"""The sentences about records sheets, in the language of the request."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.records.problems import CellProblem, RowProblem
from portal.words import error_words

PROBLEMS: Mapping[str, LazyString] = {
    "required": _l("“%(column)s”没有填，请补上。"),
    "cell_not_computed": _l(
        "“%(column)s”是一个没有算出结果的公式，请改成算好的值（选择性粘贴“值”）。"
    ),
    "not_a_number": _l(
        "“%(column)s”填的是“%(given)s”，应为数字，不要带单位，如 40 或 2.5。"
    ),
    "negative": _l("“%(column)s”填的是 %(given)s，不能是负数。"),
    "too_large": _l("“%(column)s”填的是 %(given)s，太大了，请核对。"),
    "too_fine": _l("“%(column)s”填的是 %(given)s，最多写 %(limit)s 位小数。"),
    "stage_format": _l(
        "“阶段”填的是“%(given)s”，应为从 1 起的整数，不分阶段的请留空。"
    ),
    "stage_unknown": _l("“阶段”填的是 %(given)s，而工作坊只有 %(stages)s 个阶段。"),
    "late_format": _l("“迟交分钟”填的是“%(given)s”，应为整数，没有迟交请留空。"),
    "time_format": _l(
        "“时间”填的是“%(given)s”，应写成 2024-09-02 或 2024-09-02 14:30 的样子，"
        "并且这一天确实存在。"
    ),
    "time_too_far": _l(
        "“时间”填的是“%(given)s”，年份应在 %(first)s 至 %(last)s 之间，请核对。"
    ),
    "source_format": _l(
        "“来源”填的是“%(given)s”，应为考核方案里写的来源，如 records:minutes。"
    ),
    "source_unknown": _l(
        "“来源”填的是“%(given)s”，考核方案不计这个来源。请从模板的下拉列表里选。"
    ),
    "measure_unknown": _l(
        "“计量”填的是“%(given)s”，没有这种计量。请从模板的下拉列表里选。"
    ),
    "measure_not_counted": _l(
        "考核方案对这个来源不计“%(given)s”，请核对来源和计量是否配对。"
    ),
    "item_too_long": _l("“事项”太长，最多 %(limit)s 个字。"),
    "item_reserved": _l(
        "“事项”里有“%(given)s”开头的写法，那是网页上人工评分用的，请换一个说法。"
    ),
    "evidence_too_long": _l("“证据”太长，最多 %(limit)s 个字。"),
    "person_unknown": _l(
        "没有账号为“%(given)s”的学员。请核对账号，只填这个工作坊里的人。"
    ),
    "name_differs": _l(
        "“姓名”填的是“%(given)s”，与这个账号登记的姓名不同，可能错了一行，请核对。"
    ),
    "school_unknown": _l(
        "没有名称或代码为“%(given)s”的学校，请按模板“名单”表中的写法填写。"
    ),
    "school_ambiguous": _l("有几所学校都叫“%(given)s”，请改填学校代码。"),
    "twice_in_file": _l(
        "与第 %(row)s 条（表格第 %(line)s 行）完全重复，只计一次，请删去这一行。"
    ),
    "twice_and_differs": _l(
        "与第 %(row)s 条（表格第 %(line)s 行）是同一人、同一事项、同一计量，"
        "数量却不同。请只保留对的一行。"
    ),
    "differs_in_item": _l(
        "“%(column)s”与同一事项的第 %(row)s 条（表格第 %(line)s 行）不同。"
        "同一事项的各行，时间、阶段和迟交分钟要一致。"
    ),
    "over_most": _l("“%(column)s”填的是 %(given)s，这一项最多 %(most)s 分。"),
    "own_records": _l("这一行是您自己的记录，请由另一位坊主或县里导入。"),
    "leader_record": _l(
        "%(given)s是这个工作坊的坊主，坊主的记录和评分由管理项目的人登记，请删去这一行。"
    ),
    "own_marks": _l("不能给自己评分，请由另一位坊主填写。"),
    "changed_meanwhile": _l(
        "%(by)s刚才把它改成了“%(given)s”。请核对，再保存一次就以您的为准。"
    ),
    "marks_not_yours": _l("评分由坊主给出，您没有评分的权限，请删去这一行。"),
    "refused_with": _l(
        "同一事项的第 %(row)s 条（表格第 %(line)s 行）有误，这一行一并退回。"
    ),
}


def problem_sentence(problem: RowProblem) -> str:
    """The sentence of a problem, in the language of the request."""
    return str(PROBLEMS[problem.code]) % {"column": problem.column, **problem.params}


error_words(
    {
        "records_no_scheme": _l(
            "工作坊还没有选定考核方案，不知道哪些记录要计。请先选定方案，再导入。"
        ),
        "records_no_school_scheme": _l(
            "这个项目还没有选定考核学校的方案。请先选定方案，再导入。"
        ),
        "records_none_counted": _l("现行考核方案没有要导入的来源，不需要导入。"),
        "records_import_settled": _l("这份记录已经导入，或已经撤回，没有再改动。"),
        "records_not_yours_to_take_back": _l(
            "这份表里有您自己或坊主的记录，请由管理项目的人撤回。"
        ),
        "records_file_gone": _l("这份记录的文件找不到了，请重新上传。"),
        "scheme_scores_no_leaders": _l("这份方案不是考核坊主的，请另选一份。"),
        "scheme_scores_no_schools": _l("这份方案不是考核学校的，请另选一份。"),
        "records_reason_missing": _l("请写明理由，至少 %(minimum)s 个字。"),
        "records_too_large": _l(
            "这个文件过大，解开后超过 %(megabytes)s MB。"
            "请只保留记录这张表，去掉图片和多余的格式。"
        ),
        "records_too_far": _l(
            "表格里 %(cell)s 处还有内容，超出了记录的范围。请删去多余的行和列，再上传。"
        ),
        "records_too_many_rows": _l(
            "表格有 %(rows)s 条记录，一次最多导入 %(limit)s 条。请分成几个文件上传。"
        ),
        "records_no_rows": _l("表格只有表头，没有记录。请从第二行起每行填一条记录。"),
        "records_header_missing": _l(
            "第一行表头缺少这些列：%(missing)s。列名要与模板一致，顺序可以不同。"
        ),
        "records_header_unknown": _l(
            "第一行表头有不认识的列：%(unknown)s。请改成模板里的列名，或删去这些列。"
        ),
        "records_header_missing_and_unknown": _l(
            "第一行表头缺少这些列：%(missing)s；另有不认识的列：%(unknown)s。"
            "列名要与模板一致，顺序可以不同。"
        ),
        "marks_person_unknown": _l(
            "表格第 %(line)s 行的账号“%(given)s”不是这个工作坊的学员，"
            "整份表没有保存，请核对后再传。"
        ),
        "marks_person_twice": _l(
            "表格第 %(line)s 行的账号“%(given)s”前面已经有一行，"
            "整份表没有保存，请只保留一行。"
        ),
        "records_header_repeated": _l(
            "第一行表头里这些列出现了两次：%(repeated)s。请只保留一列。"
        ),
    }
)

INSTRUCTIONS = (
    _l("一、在“考核记录”表中填写，每行一条记录，不要合并单元格，不要改动列名。"),
    _l("二、蓝底的列必填；“账号”填登录账号，“姓名”只用来核对。"),
    _l("三、“来源”和“计量”从下拉列表里选；数量只填数字，不带单位。"),
    _l(
        "四、“事项”写清是哪一件事，如“第一阶段”“9月线下研修”。"
        "同一件事有几种计量的，写成几行，事项、时间、阶段要一致。"
    ),
    _l("五、“时间”写成 2024-09-02 或 2024-09-02 14:30 的样子；不分阶段的，阶段留空。"),
    _l("六、“证据”写明凭什么：签到表、平台导出的报表、通报文号等。"),
    _l("七、没有问题的行可以导入；有问题的行连同原因退回一个表格，改好后再传即可。"),
    _l(
        "八、同一个文件传两次不会产生重复；同一人、同一来源、同一事项再次导入，"
        "以后一次为准，前一次留在历史里。"
    ),
)
"""The second sheet of the template, line by line."""

SCHOOL_INSTRUCTIONS = (
    _l("一、在“考核记录”表中填写，每行一条记录，不要合并单元格，不要改动列名。"),
    _l("二、蓝底的列必填；“学校”填登记的全称或代码，重名的学校请填代码。"),
    *INSTRUCTIONS[2:],
)
"""The same for schools."""


def instructions(*, schools: bool = False) -> tuple[str, ...]:
    """The instructions of a template, in the language of the request."""
    lines = SCHOOL_INSTRUCTIONS if schools else INSTRUCTIONS
    return tuple(str(line) for line in lines)


def cell_sentence(problem: CellProblem, column: str) -> str:
    """The sentence of what is wrong with one mark, in the language of the request."""
    return str(PROBLEMS[problem.code]) % {"column": column, **problem.params}


action_words(
    {
        "leaders.scheme_set": _l("选定坊主考核方案"),
        "marks.given": _l("评分"),
        "records.dropped": _l("放弃记录表"),
        "records.imported": _l("导入考核记录"),
        "records.taken_back": _l("撤回导入的记录"),
        "schools.scheme_set": _l("选定学校考核方案"),
    }
)
