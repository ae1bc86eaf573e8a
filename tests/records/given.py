"""What the tests of records are given: a scheme, and sheets to bring in."""

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from portal.records.columns import Whose, columns

SCHEME: dict[str, Any] = {
    "format": 1,
    "title": {"zh": "记录考核", "en": "Records"},
    "pass_mark": 10,
    "items": [
        {
            "id": "watching",
            "title": {"zh": "平台学习", "en": "Watching"},
            "counts": [{"source": "records:platform", "measure": "watch_minutes"}],
            "steps": [
                {"do": "price", "points": 1, "unit": 40},
                {"do": "cap", "limit": 10},
            ],
        },
        {
            "id": "attitude",
            "title": {"zh": "态度", "en": "Attitude"},
            "counts": [{"source": "records:attitude", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 10}],
        },
        {
            "id": "best",
            "title": {"zh": "五分制", "en": "Out of five"},
            "counts": [{"source": "records:best", "measure": "marks"}],
            "steps": [{"do": "cap", "limit": 5}],
        },
    ],
}


def sheet(*rows: dict[str, Any], whose: Whose = Whose.PERSON) -> bytes:
    """A records sheet of these rows, by column."""
    header = [column.title for column in columns(whose)]
    lines = [header, *([row.get(title, "") for title in header] for row in rows)]
    return xlsx(lines)


def xlsx(lines: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these lines."""
    stream = io.BytesIO()
    with Workbook(stream, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    return stream.getvalue()


def row(account: str, amount: object, **more: Any) -> dict[str, Any]:
    """Minutes of the first stage, or what `more` says."""
    return {
        "账号": account,
        "来源": "平台学习",
        "事项": "第一阶段",
        "时间": "2024-09-20",
        "计量": "观看分钟",
        "数量": amount,
        "证据": "平台报表",
        **more,
    }


def upload(data: bytes, name: str = "minutes.xlsx") -> dict[str, Any]:
    """The form's data with this file."""
    return {"file": (io.BytesIO(data), name)}
