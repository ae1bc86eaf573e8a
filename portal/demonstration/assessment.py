"""How the demonstration's activities are judged: a scheme and a rubric."""

from typing import Any

SCHEME_CODE = "weekly-six"
SCHEME_TITLE = "第一阶段研修考核方案"


def _band(key: str, zh: str, en: str, at_least: int) -> dict[str, Any]:
    return {"key": key, "title": {"zh": zh, "en": en}, "at_least": at_least}


SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": SCHEME_TITLE, "en": "First stage of the workshop"},
    "source": {
        "zh": "第一阶段六周，周记每周一篇。分值与合格线为演示用的示例值。",
        "en": "Six weeks of the first stage, one journal a week. The marks and the "
        "pass mark are examples made for the demonstration.",
    },
    "pass_mark": 60,
    "cap": 100,
    "bands": [
        _band("excellent", "优秀", "Excellent", 85),
        _band("good", "良好", "Good", 75),
        _band("qualified", "合格", "Qualified", 60),
    ],
    "honours": {
        "title": {"zh": "优秀学员", "en": "Outstanding learners"},
        "share": "0.2",
        "of": "qualified",
        "barred": [
            {"measure": "rejected"},
            {"source": "attendance", "measure": "absent"},
        ],
        "ranking": [{"by": "total"}, {"by": "item", "item": "length"}],
        "ties": "choose",
    },
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学周记", "en": "Journals"},
            "note": {
                "zh": "每篇12分，最多72分；迟交不超过7天的按一半计，再晚不计；"
                "雷同的不计。",
                "en": "12 marks each, at most 72; up to 7 days late counts half, later "
                "nothing; copied ones count nothing.",
            },
            "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {
                    "do": "late",
                    "rungs": [
                        {"up_to_minutes": 0, "factor": 1},
                        {"up_to_minutes": 10080, "factor": "0.5"},
                    ],
                },
                {"do": "price", "unit": 1, "points": 12},
                {"do": "cap", "limit": 72},
            ],
        },
        {
            "id": "length",
            "title": {"zh": "字数", "en": "Length"},
            "note": {
                "zh": "累计每满100字1分，最多18分。",
                "en": "1 mark for every full 100 characters in all, at most 18.",
            },
            "unit": {"zh": "字", "en": "characters", "en_one": "character"},
            "counts": [{"source": "journal", "measure": "characters"}],
            "steps": [
                {"do": "price", "unit": 100, "points": 1, "count": "whole"},
                {"do": "cap", "limit": 18},
            ],
        },
        {
            "id": "in_time",
            "title": {"zh": "按时", "en": "In time"},
            "note": {
                "zh": "按时提交的每篇2分，最多10分。",
                "en": "2 marks for each journal in time, at most 10.",
            },
            "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
            "counts": [{"source": "journal", "measure": "in_time"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 2},
                {"do": "cap", "limit": 10},
            ],
        },
        {
            "id": "reading",
            "title": {"zh": "读书心得", "en": "Reading"},
            "note": {
                "zh": "每篇3分，最多6分。",
                "en": "3 marks for each reflection, at most 6.",
            },
            "unit": {"zh": "篇", "en": "reflections", "en_one": "reflection"},
            "counts": [{"source": "reading", "measure": "entries"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 3},
                {"do": "cap", "limit": 6},
            ],
        },
        {
            "id": "cases",
            "title": {"zh": "教学案例", "en": "Cases"},
            "note": {
                "zh": "按评分折算，满分10分。",
                "en": "By its mark; a perfect case has 10.",
            },
            "unit": {"zh": "篇", "en": "cases", "en_one": "case"},
            "counts": [{"source": "cases", "measure": "score"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 10},
                {"do": "cap", "limit": 10},
            ],
        },
        {
            "id": "offline",
            "title": {"zh": "线下集中研修", "en": "Offline study"},
            "note": {
                "zh": "按签到表登记，每学时1分，最多6分。",
                "en": "By the attendance list: 1 mark for each class hour, at most 6.",
            },
            "counts": [{"source": "records:offline", "measure": "class_hours"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 1},
                {"do": "cap", "limit": 6},
            ],
        },
        {
            "id": "leader",
            "title": {"zh": "坊主评价", "en": "Mark of the workshop leader"},
            "note": {
                "zh": "坊主按研修态度和改进的落实情况评分，满分5分。",
                "en": "Given by the workshop leader for attitude and what came of the "
                "work; at most 5.",
            },
            "counts": [{"source": "records:leader", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 5}],
        },
        {
            "id": "quiz",
            "title": {"zh": "在线测验", "en": "Quiz"},
            "note": {
                "zh": "按得分折算，满分10分。",
                "en": "By its mark; a perfect paper has 10.",
            },
            "unit": {"zh": "份", "en": "papers", "en_one": "paper"},
            "counts": [{"source": "quiz", "measure": "score"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 10},
                {"do": "cap", "limit": 10},
            ],
        },
        {
            "id": "assessing",
            "title": {"zh": "评阅同伴", "en": "Assessing peers"},
            "note": {
                "zh": "每评阅一篇2分，最多12分。",
                "en": "2 marks for each work assessed, at most 12.",
            },
            "unit": {"zh": "篇", "en": "works", "en_one": "work"},
            "counts": [{"source": "peer_review", "measure": "assessments"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 2},
                {"do": "cap", "limit": 12},
            ],
        },
    ],
}

RUBRIC_TITLE = "教学周记评价量规"


def criterion(key: str, title: str, weight: int, *descriptions: str) -> dict[str, Any]:
    """A criterion with the four levels, best first."""
    levels = (("优秀", "1"), ("良好", "0.85"), ("一般", "0.7"), ("待改进", "0.5"))
    return {
        "key": key,
        "title": title,
        "weight": weight,
        "levels": [
            {"title": word, "share": share, "description": description}
            for (word, share), description in zip(levels, descriptions, strict=True)
        ],
    }


RUBRIC: list[dict[str, Any]] = [
    criterion(
        "evidence",
        "课堂证据",
        4,
        "有课题、有过程，有学生原话或作业，数字可核对",
        "有课题和过程，有一处学生的表现",
        "有课题，过程写得笼统",
        "看不出上了哪一节课",
    ),
    criterion(
        "reflection",
        "反思深度",
        4,
        "说清了学生为什么这样想，并对照自己的设计",
        "指出了问题，也说了原因",
        "指出了问题，没有说原因",
        "只有感想",
    ),
    criterion(
        "next_step",
        "改进措施",
        2,
        "写明下周改哪一步、怎样检验",
        "写明下周改哪一步",
        "有方向，不够具体",
        "只有“继续努力”一类的话",
    ),
]
