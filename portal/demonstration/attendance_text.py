"""What the training day of the first workshop says, and what schools are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

TITLE = "单元整体教学集中研训"
INSTRUCTIONS = (
    "请提前十分钟到场，带上本学期教材和笔记本。签到请看大屏幕，用自己的手机扫码；"
    "有事请提前在“请假”里申请，学校和教育局都批准才算准假。"
)
FIVE = {
    "kind": "training",
    "theme": "从课时到单元：单元整体教学的设计与实施",
    "lecturer": "沈若兰（市教研院）",
    "place": "县教师发展中心三楼报告厅",
    "late_after": 10,
}
SESSIONS = (
    ("第一场：读懂一个单元", "3"),
    ("第二场：同课异构与评议", "3"),
    ("第三场：单元作业设计", "2.5"),
)
LIST_REASON = "手机没电，到会务台登记"
CLAIM = "当天提前十分钟到场，手机没有信号没扫上码，坐在第三排，同组的老师可以证明。"
CIRCULAR_TITLE = "关于第一场集中研训考勤情况的通报"
CIRCULAR = "请缺训学校督促有关教师补学研训内容，并做好下一场的组织工作。"


@dataclass(frozen=True)
class Asking:
    """An event for which schools name teachers; `ahead` and `named` are numbers."""

    title: str
    instructions: str
    session: str
    five: Mapping[str, str]
    subject: str = "chinese"
    ahead: int = 12
    """Days from now to the event."""
    named: int = 2
    """Teachers whom each school has named."""
    locked: bool = False


SHADOWING = Asking(
    "名师工作室跟岗半日",
    "每校两个名额，请学校推荐愿意上一节试教课的语文老师。名单锁定以后换人要申请。",
    "跟岗：听课、说课、试教",
    {
        "kind": "lesson",
        "theme": "跟着名师磨一节阅读课",
        "lecturer": "顾雪梅（县名师工作室）",
        "place": "桃源镇中心小学录播教室",
    },
    locked=True,
)
OPEN_LESSONS = Asking(
    "单元作业设计展示课观摩",
    "每校两个名额，三天内报好。观摩后请交一篇研修笔记，也可以拍下笔记本上传。",
    "展示课与评议",
    {
        "kind": "lesson",
        "theme": "一份单元作业怎样设计、怎样讲评",
        "lecturer": "沈若兰（市教研院）",
        "place": "柳河镇中心小学报告厅",
        "notes": "owed",
    },
    ahead=14,
    named=1,
)
SUBSTITUTION = "原报教师当天要参加县级优质课比赛，已征得本人同意，由同组老师代替。"
