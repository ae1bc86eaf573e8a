"""Content for the style guide that reads like the real one. All people are invented."""

from datetime import date, datetime, timedelta
from typing import Any

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = ("晓芸", "建国", "思齐", "雨桐", "志远", "海燕", "文博", "静怡", "㛃", "桂兰")
SCHOOLS = (
    "云溪县第一实验小学",
    "青石镇中心学校",
    "云溪县青石镇白鹭湾九年一贯制寄宿学校（原白鹭湾联合小学）",
    "云溪初级中学",
)
STATES = (
    ("已通过", "ok"),
    ("待批阅", "accent"),
    ("迟交", "warn"),
    ("未交", "danger"),
    ("免交", "muted"),
)

TASKS: list[dict[str, Any]] = [
    {
        "title": "修改第 5 周反思日记",
        "url": "#tasks",
        "button": "去修改",
        "place": "2026 秋小学语文工作坊",
        "due": "今晚 23:59 截止，还有 2 小时",
        "state": "已退回",
        "kind": "warn",
        "note": "坊主：课堂实录写得好，请补上您自己的判断。",
    },
    {
        "title": "写第 6 周反思日记",
        "url": "#tasks",
        "button": "去写",
        "place": "2026 秋小学语文工作坊",
        "due": "周日 23:59 截止，还有 3 天",
    },
    {
        "title": "读书心得：《给教师的建议》第十二条至第十八条，结合一次真实的课堂对话",
        "url": "#tasks",
        "button": "接着写",
        "place": "青石镇青年教师成长营",
        "due": "12月4日 18:00 截止",
        "state": "草稿",
        "kind": "accent",
    },
]

STAGES: list[dict[str, Any]] = [
    {
        "title": "第一阶段 课前诊断",
        "span": "9月1日–9月30日",
        "activities": [
            {
                "title": "反思日记（第 1–4 周）",
                "url": "#stages",
                "state": "已通过 4 篇",
                "kind": "ok",
                "kind_label": "教学周记",
            },
        ],
    },
    {
        "title": "第二阶段 研课磨课",
        "span": "10月1日–11月30日",
        "now": True,
        "activities": [
            {
                "title": "反思日记（第 5–12 周）",
                "url": "#stages",
                "state": "已退回",
                "kind": "warn",
                "kind_label": "教学周记",
                "due": "今晚 23:59 截止",
            },
            {
                "title": "观课记录：同课异构《桂花雨》",
                "url": "#stages",
                "state": "可以写了",
                "kind": "accent",
                "kind_label": "观课记录",
                "due": "11月28日 18:00 截止",
            },
        ],
    },
    {
        "title": "第三阶段 总结提升",
        "span": "12月1日–12月31日",
        "activities": [
            {
                "title": "教学案例一篇",
                "state": "未开始",
                "kind_label": "教学案例",
                "due": "12月1日开放",
            },
        ],
    },
]

_WEEK_STATES = (
    *("accepted", "accepted", "late", "accepted", "returned", "draft"),
    *("missed", "exempt", "held", "filled", "open"),
)
_NOTES = {"late": "迟 1 天", "returned": "请补充", "exempt": "产假"}

WEEK_SERIES = [
    {"label": "按时", "kind": "accent"},
    {"label": "迟交", "kind": "warn"},
    {"label": "未交", "kind": "muted"},
]
WEEK_COLUMNS = [
    {
        "label": str(n + 1),
        "title": f"第 {n + 1} 周",
        "parts": [on_time, late, 90 - on_time - late],
    }
    for n, (on_time, late) in enumerate(
        [(82, 5), (79, 7), (75, 9), (77, 6), (71, 11), (64, 14), (70, 8), (68, 12)]
    )
]
BINS: list[dict[str, Any]] = [
    {"label": "0–39", "value": 3, "kind": "muted"},
    {"label": "40–59", "value": 9, "kind": "muted"},
    {"label": "60–69", "value": 21},
    {"label": "70–79", "value": 31},
    {"label": "80–89", "value": 19},
    {"label": "90–100", "value": 7},
]
PROGRESS: list[dict[str, Any]] = [
    {"label": SCHOOLS[0], "value": 38, "total": 45, "url": "#charts"},
    {"label": SCHOOLS[1], "value": 12, "total": 20, "url": "#charts"},
    {"label": SCHOOLS[2], "value": 4, "total": 15, "url": "#charts", "kind": "warn"},
    {"label": SCHOOLS[3], "value": 10, "total": 10, "url": "#charts", "kind": "ok"},
]

CRITERIA: list[dict[str, Any]] = [
    {
        "key": "fact",
        "title": "课堂事实",
        "weight": "40%",
        "levels": [
            {
                "value": "4",
                "title": "优",
                "text": "有具体的课、学生和对话，读的人看得见课堂。",
            },
            {"value": "3", "title": "良", "text": "有课堂片段，但不够具体。"},
            {"value": "2", "title": "中", "text": "只写了教学环节。"},
            {"value": "1", "title": "待改进", "text": "没有写到课堂。"},
        ],
    },
    {
        "key": "thought",
        "title": "反思深度",
        "weight": "60%",
        "levels": [
            {"value": "4", "title": "优", "text": "说清了原因，并有下一次的做法。"},
            {"value": "3", "title": "良", "text": "说清了原因。"},
            {"value": "2", "title": "中", "text": "只有感受。"},
            {"value": "1", "title": "待改进", "text": "没有反思。"},
        ],
    },
]

JOURNAL = "\n".join(
    (
        (
            "今天教《桂花雨》第二课时。我原想让学生从“摇花乐”一段里找动词，体会作者"
            "的快乐。没想到陈宇航站起来问：“老师，桂花摇下来就不能再长了，为什么他们"
            "还高兴？”"
        ),
        (
            "全班安静了几秒钟。我没有马上回答，而是请大家再读一遍母亲的话：“这里的桂"
            "花再香，也比不上家乡院子里的桂花。”有学生小声说，他们高兴的不是花，是大"
            "家在一起。"
        ),
        (
            "课后我想，备课时我把“快乐”当成了答案，学生却把它当成了问题。下一次教这"
            "一课，我打算把陈宇航的问题写在黑板正中，用 2 个课时让大家围着它读 i"
            "Pad 上的补充材料。"
        ),
    )
)


def people(count: int) -> list[dict[str, Any]]:
    """Rows for a table: the same every time, some names and schools long."""
    rows = []
    for n in range(count):
        word, kind = STATES[(n * 7) % len(STATES)]
        name = SURNAMES[n % len(SURNAMES)] + GIVEN[n % len(GIVEN)]
        if n == 3:
            name = "阿卜杜热合曼·买买提依明"
        rows.append(
            {
                "name": name,
                "school": SCHOOLS[n % len(SCHOOLS)],
                "group": f"第 {n % 5 + 1} 组",
                "state": word,
                "kind": kind,
                "length": None if word in ("未交", "免交") else 300 + n * 37 % 900,
                "score": None if kind != "ok" else f"{60 + n * 13 % 40}.{n % 2 * 5}",
                "url": "#tables",
            }
        )
    return rows


def weeks() -> list[dict[str, Any]]:
    """A term of weeks in every state."""
    start = date(2026, 9, 7)
    rows = []
    for n in range(16):
        state = _WEEK_STATES[n] if n < len(_WEEK_STATES) else "future"
        first, last = start + timedelta(weeks=n), start + timedelta(weeks=n, days=6)
        rows.append(
            {
                "label": f"第 {n + 1} 周",
                "dates": f"{first.month}/{first.day}–{last.month}/{last.day}",
                "state": state,
                "note": _NOTES.get(state),
                "now": state == "open",
                "url": "#weeks" if state != "future" else None,
            }
        )
    return rows


def versions(now: datetime) -> list[dict[str, Any]]:
    """A text that was returned once."""
    return [
        {
            "title": "第二次提交",
            "time": now - timedelta(hours=2),
            "state": "已通过",
            "kind": "ok",
            "by": "批阅：欧阳晓芸",
            "note": "812 字",
            "text": (
                "补上了自己的判断，尤其是最后一段，很见功夫。建议下次把学生的"
                "原话多留一些。"
            ),
        },
        {
            "title": "第一次提交",
            "time": now - timedelta(days=4),
            "state": "已退回",
            "kind": "warn",
            "by": "批阅：欧阳晓芸",
            "note": "430 字",
            "text": "课堂实录写得好，请补上您自己的判断：为什么这个问题难住了大家？",
        },
    ]


def letters(now: datetime) -> list[dict[str, Any]]:
    """Feedback, one of it new."""
    return [
        {
            "title": "第 5 周反思日记",
            "url": "#letters",
            "time": now - timedelta(minutes=20),
            "by": "欧阳晓芸",
            "place": "2026 秋小学语文工作坊",
            "excerpt": (
                "课堂实录写得好，请补上您自己的判断：为什么这个问题难住了大家"
                "？学生安静的那几秒钟，您在想什么？"
            ),
            "unread": True,
            "state": "已退回",
            "kind": "warn",
        },
        {
            "title": "读书心得：《给教师的建议》",
            "url": "#letters",
            "time": now - timedelta(days=40),
            "by": "周文博",
            "place": "青石镇青年教师成长营",
            "excerpt": "读得细，也读得近。",
            "state": "已通过",
            "kind": "ok",
        },
    ]


def files() -> list[dict[str, Any]]:
    """Attachments."""
    return [
        {
            "name": "《桂花雨》第二课时教学设计（修改稿）.docx",
            "url": "#files",
            "size": 284_113,
            "remove_url": "#files",
        },
        {
            "name": "板书.jpg",
            "url": "#files",
            "size": 1_204_551,
            "media_type": "image/jpeg",
            "note": "已压缩",
        },
    ]
