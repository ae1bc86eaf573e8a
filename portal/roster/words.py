"""The codes of a roster put into sentences: what is wrong, where, and what to do.

A school officer mends every refused line from the sentence alone. Sentences name
their column themselves, because they also stand alone in lists and messages.
"""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.roster.problems import Note, Problem, RowStatus
from portal.words import error_words

STATUS_WORDS: Mapping[RowStatus, LazyString] = {
    RowStatus.ACCEPTED: _l("可导入"),
    RowStatus.REFUSED: _l("未通过"),
    RowStatus.HELD: _l("待确认"),
    RowStatus.TRANSFER: _l("转入申请"),
}

_PROBLEMS: Mapping[str, LazyString] = {
    "required": _l("“%(column)s”不能为空，请补填。"),
    "cell_not_computed": _l(
        "“%(column)s”是一个没有得出结果的公式。"
        "请复制这一列，用“选择性粘贴”粘贴为数值后再上传。"
    ),
    "name_format": _l(
        "姓名应为 2 至 20 个汉字，少数民族姓名各部分之间用“·”隔开。请按身份证填写。"
    ),
    "id_number_format": _l(
        "身份证号存成了数字格式，第 15 位以后的数字已经丢失。"
        "请先把整列设为“文本”格式，再按证件重新填写。"
    ),
    "id_15_digits": _l("身份证号是 15 位的旧号码，请填写现在的 18 位号码。"),
    "id_length": _l("身份证号应为 18 位，现有 %(length)s 位。请对照原件补正。"),
    "id_characters": _l(
        "身份证号只能由 17 位数字加最后一位数字或 X 组成，请对照原件改正。"
    ),
    "id_region": _l(
        "身份证号前六位 %(region)s 不是有效的行政区划代码，请对照原件改正。"
    ),
    "id_birth_date": _l(
        "身份证号第 7 至 14 位写的出生日期 %(date)s 不存在，请对照原件改正。"
    ),
    "id_check_digit": _l(
        "身份证号最后一位应为 %(expected)s，请核对原件：18 位中至少有一位填错了。"
    ),
    "id_truncated": _l(
        "身份证号以 000 结尾，末位校验也不符，多半是被表格软件截断了。"
        "请先把整列设为“文本”格式，再按证件重新填写。"
    ),
    "id_twice_in_file": _l(
        "身份证号与第 %(row)s 条（表格第 %(line)s 行）相同。"
        "同一个人只保留一条；若是两个人，请对照原件改正。"
    ),
    "id_maybe_truncated": _l(
        "身份证号末几位是 000，可能被表格软件截断。"
        "请对照原件：有误请改正，无误请在导入页面确认这一条。"
    ),
    "sex_unknown": _l("性别“%(given)s”无法识别，请填“男”或“女”。"),
    "sex_differs_from_id": _l(
        "性别填的是“%(given)s”，而身份证号第 17 位 %(digit)s 表示“%(by_id)s”。"
        "请对照原件改正其中一项。"
    ),
    "birth_date_format": _l(
        "出生日期应写成 1985-06-12 的样子，并且这一天确实存在，请改正。"
    ),
    "birth_date_differs_from_id": _l(
        "出生日期填的是 %(given)s，而身份证号里是 %(by_id)s。请对照原件改正其中一项。"
    ),
    "mobile_length": _l("手机号应为 11 位数字，现有 %(length)s 位，请改正。"),
    "mobile_format": _l("手机号应为 13 至 19 开头的 11 位数字，请改正。"),
    "mobile_not_free": _l(
        "这个手机号已经有人使用，而本县用手机号登录，不能两人共用。请换一个号码。"
    ),
    "mobile_twice_in_file": _l(
        "手机号与第 %(row)s 条（表格第 %(line)s 行）相同。"
        "若不是两人共用一个号码，请改正；这一条照常导入。"
    ),
    "mobile_shared": _l(
        "这个手机号另有一位教师在用。若不是两人共用一个号码，请改正；这一条照常导入。"
    ),
    "email_format": _l("邮箱的写法不对，应如 name@school.cn，请改正或留空。"),
    "email_shared": _l(
        "这个邮箱另有一位教师在用。若不是两人共用，请改正；这一条照常导入。"
    ),
    "holds_more": _l(
        "此人担任的职务权限比您大，“%(column)s”未作改动，请由上级修改；"
        "这一条的其他内容照常导入。"
    ),
    "school_unknown": _l(
        "本县没有名称或代码为“%(given)s”的学校，请按模板“学校”表中的写法填写。"
    ),
    "school_ambiguous": _l("本县有几所学校都叫“%(given)s”，请改填学校代码。"),
    "school_not_yours": _l(
        "您不能导入“%(given)s”的教师。请删去这一行，由该校或县里导入。"
    ),
    "at_another_school": _l(
        "此人现在登记在“%(school)s”。"
        "导入后会生成一份转入申请，由县里确认后才转到新学校。"
    ),
    "stage_unknown": _l(
        "学段“%(given)s”无法识别，请填幼儿园、小学、初中、普高、中职或特教。"
    ),
    "stage_is_school_kind": _l(
        "“%(given)s”是学校类别，不是学段。请填这位教师任教的学段，如“小学”或“初中”。"
    ),
    "subject_unknown": _l(
        "学科“%(given)s”不在学科表中。请从模板的下拉列表里选一个主要任教学科。"
    ),
    "degree_unknown": _l(
        "学历“%(given)s”不在学历表中，请从模板的下拉列表里选一个，如“本科”。"
    ),
    "title_unknown": _l(
        "职称“%(given)s”不在职称表中，请从模板的下拉列表里选一个或留空。"
    ),
    "tier_unknown": _l(
        "教师梯队“%(given)s”无法识别，请从模板的下拉列表里选一个或留空。"
    ),
}

_NOTES: Mapping[str, LazyString] = {
    "half_width": _l("%(column)s：全角字符已改为半角。"),
    "blanks_removed": _l("%(column)s：已去掉空格。"),
    "x_raised": _l("%(column)s：末位 x 已改为大写 X。"),
    "signs_removed": _l("%(column)s：“%(given)s”已按“%(taken)s”处理。"),
    "alias": _l("%(column)s：“%(given)s”已按“%(taken)s”处理，请确认。"),
}

FILE_WORDS: Mapping[str, LazyString] = {
    "roster_not_a_spreadsheet": _l(
        "这个文件不是电子表格。"
        "请上传 .xlsx 文件（或 .csv 文件），最好用下载的模板填写。"
    ),
    "roster_old_format": _l(
        "这是旧式表格（.xls、.et 或 .ods）。"
        "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
    ),
    "roster_encrypted": _l("这个表格加了密码，打不开。请取消密码后再上传。"),
    "roster_too_large": _l(
        "这个文件过大，解开后超过 %(megabytes)s MB。"
        "请只保留名册这张表，去掉图片和多余的格式。"
    ),
    "roster_too_far": _l(
        "表格里 %(cell)s 处还有内容，超出了名册的范围。请删去名册以外的行和列，再上传。"
    ),
    "roster_too_many_rows": _l(
        "名册有 %(rows)s 条，一次最多导入 %(limit)s 条。请分成几个文件上传。"
    ),
    "roster_empty": _l("这个表格是空的：第一张表里没有内容。请用下载的模板填写。"),
    "roster_no_rows": _l("名册只有表头，没有教师。请从第二行起每行填一位教师。"),
    "roster_csv_encoding": _l(
        "这个 CSV 文件的文字无法识别。请另存为 .xlsx，或以 UTF-8 编码保存。"
    ),
    "roster_header_missing": _l(
        "第一行表头缺少这些列：%(missing)s。列名要与模板一致，顺序可以不同。"
    ),
    "roster_header_unknown": _l(
        "第一行表头有不认识的列：%(unknown)s。请改成模板里的列名，或删去这些列。"
    ),
    "roster_header_missing_and_unknown": _l(
        "第一行表头缺少这些列：%(missing)s；另有不认识的列：%(unknown)s。"
        "列名要与模板一致，顺序可以不同。"
    ),
    "roster_header_repeated": _l(
        "第一行表头里这些列出现了两次：%(repeated)s。请只保留一列。"
    ),
}

error_words(FILE_WORDS)
error_words(
    {
        "roster_overtaken": _l("另一份名册刚刚导入了其中一些人，请再导入一次。"),
        "roster_not_checked": _l("请先勾选“我已核对”，再导入。"),
        "transfer_settled": _l("这份转入申请已经由别人处理过了。"),
        "transfer_before_posting": _l(
            "转入日期要晚于此人到原学校任职的日期 %(day)s，请改晚一些。"
        ),
        "note_missing": _l("请写明理由，至少 %(minimum)s 个字。"),
    }
)

INSTRUCTIONS = (
    _l("一、在“教师名册”表中填写，每行一位教师，不要合并单元格，不要改动列名。"),
    _l("二、蓝底的列必填；其余各列没有把握可以留空，留空不会改动已登记的内容。"),
    _l("三、身份证号按文本填写 18 位，末位 X 大写。从别处粘贴时请选“只粘贴文本”。"),
    _l("四、手机填 11 位号码。夫妻共用一个号码可以导入，系统会提示一次。"),
    _l("五、学校填本县登记的全称或学校代码，见“学校”表；重名的学校请填代码。"),
    _l("六、学段、学科、学历、职称、教师梯队、性别请从下拉列表中选择。"),
    _l("七、出生日期写成 1985-06-12 的样子；性别、出生日期须与身份证号一致。"),
    _l("八、没有问题的行直接导入；有问题的行连同原因退回一个表格，改好后再传即可。"),
    _l("九、同一个文件传两次不会产生重复；在他校登记的教师会转为转入申请。"),
)
"""The second sheet of the template, line by line."""


def problem_sentence(problem: Problem) -> str:
    """The sentence of a problem, in the language of the request."""
    params = {"column": problem.column, **problem.params}
    return str(_PROBLEMS[problem.code]) % params


def note_sentence(note: Note) -> str:
    """What was done to a cell, in the language of the request."""
    params = {"column": note.column, "given": note.given, "taken": note.taken}
    return str(_NOTES[note.code]) % params


def instructions() -> tuple[str, ...]:
    """The instructions of the template, in the language of the request."""
    return tuple(str(line) for line in INSTRUCTIONS)


action_words(
    {
        "person.updated": _l("按名册更新资料"),
        "roster.dropped": _l("放弃名册"),
        "roster.exported": _l("导出名册"),
        "roster.imported": _l("导入名册"),
        "transfer.confirmed": _l("确认转入"),
        "transfer.refused": _l("不同意转入"),
    }
)
