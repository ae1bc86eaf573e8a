"""A document in which every key stands once, and how to break it."""

from collections.abc import Callable
from typing import Any


def good() -> Any:
    """A document in which every key stands once."""
    return {
        "format": 1,
        "title": {"zh": "考核方案", "en": "Scheme"},
        "source": {"zh": "某县文件", "en": "A county's paper"},
        "dated": "2015-09",
        "unseen": [{"zh": "互评办法", "en": "Rules of mutual review"}],
        "scores": "teacher",
        "shows": "levels",
        "pass_mark": "60",
        "cap": 100,
        "rounding": "none",
        "bands": [
            {"key": "good", "title": {"zh": "良好", "en": "good"}, "at_least": 80},
            {"key": "pass", "title": {"zh": "合格", "en": "pass"}, "at_least": 60},
        ],
        "honours": {
            "title": {"zh": "优秀学员", "en": "Outstanding learners"},
            "share": "0.2",
            "of": "qualified",
            "from_mark": 80,
            "barred": [{"source": "attendance", "measure": "absent", "at_least": 2}],
            "ranking": [
                {"by": "total"},
                {"by": "item", "item": "community"},
                {"by": "measure", "source": "journal", "measure": "entries"},
            ],
            "ties": "choose",
        },
        "items": [
            {
                "id": "online",
                "title": {"zh": "网络研修", "en": "Online"},
                "items": [
                    {
                        "id": "journals",
                        "title": {"zh": "日记", "en": "Journals"},
                        "note": {"zh": "每周一篇", "en": "One a week"},
                        "unit": {"zh": "篇", "en": "journals", "en_one": "journal"},
                        "counts": [
                            {
                                "source": "journal",
                                "measure": "entries",
                                "stages": [1, 2],
                                "at_least": {"characters": 100},
                            }
                        ],
                        "steps": [
                            {
                                "do": "late",
                                "rungs": [
                                    {"up_to_minutes": 0, "factor": 1},
                                    {"up_to_minutes": 10080, "factor": 0.5},
                                ],
                            },
                            {"do": "price", "unit": 1, "points": 5},
                            {"do": "cap", "per": "stage", "limits": {"1": 20, "2": 60}},
                        ],
                        "gates": [{"of": "amount", "at_least": 3, "stages": [1]}],
                    }
                ],
                "steps": [{"do": "cap", "limit": 80}],
            },
            {
                "id": "leader",
                "title": {"zh": "坊主评价", "en": "Leader"},
                "counts": [{"source": "records:leader", "measure": "marks"}],
                "steps": [{"do": "cap", "limit": 20}],
            },
            {
                "id": "community",
                "title": {"zh": "社区积分", "en": "Community points"},
                "counts": [{"source": "discussion", "measure": "posts"}],
                "steps": [{"do": "price", "unit": 1, "points": 1}],
                "aside": True,
                "unseen": [{"zh": "积分明细", "en": "Details of points"}],
            },
        ],
    }


JOURNALS = ("items", 0, "items", 0)
STEPS = (*JOURNALS, "steps")


def put(*path: Any) -> Callable[[Any], None]:
    """Set the value at a path: the last argument is the value."""

    def change(data: Any) -> None:
        *way, last, value = path
        for key in way:
            data = data[key]
        if isinstance(data, list) and last == len(data):
            data.append(value)
        else:
            data[last] = value

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *way, last = path
        for key in way:
            data = data[key]
        del data[last]

    return change


ITEM: Any = {
    "id": "more",
    "title": {"zh": "更多", "en": "More"},
    "counts": [{"source": "journal", "measure": "entries"}],
    "steps": [{"do": "price", "unit": 1, "points": 1}],
}
