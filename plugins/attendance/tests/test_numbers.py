"""P20: one morning, and every place that counts it says the same."""

import re
from collections import Counter
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser

from plugins.attendance.tests.publishing import publish

pytestmark = pytest.mark.one_database

STANDS = {
    "learner": "present",
    "other": "absent",
    "钱江": "late",
    "李静": "present",
    "孙立": "absent",
}


@pytest.fixture
def meeting(morning: Any) -> Any:
    """A settled session: two in time, one late, two absent, and a visitor."""
    morning.join("钱江", "李静", "孙立")
    found = morning.open()
    for who in ("learner", "李静", "group leader"):
        morning.sign(found, who)
    morning.clock.move(minutes=25)
    morning.sign(found, "钱江")
    return found


def figures(page: str) -> dict[str, int]:
    """The figures of a page, by what they are called."""
    found = LexborHTMLParser(page).css("dl.figures > div")
    return {
        div.css_first("dt").text(strip=True): int(
            re.sub(r"\D", "", div.css_first("dd").text())
        )
        for div in found
    }


def test_everywhere_the_same_people_were_there(morning: Any, meeting: Any) -> None:
    leader = morning.browser("leader")
    screen = leader.get(morning.page(meeting, "/screen/code")).json
    assert screen["came"] == 3
    morning.end(meeting)
    counts = Counter(STANDS.values())
    came = counts["present"] + counts["late"]

    assert {who: morning.standing(meeting, who) for who in STANDS} == STANDS
    event = leader.get(f"/activities/{morning.id}").text
    assert f"{came} / {len(STANDS)} 人" in event
    told = figures(leader.get(morning.page(meeting)).text)
    assert (told["应到"], told["到场"]) == (len(STANDS), came)
    assert (told["迟到"], told["缺勤"]) == (counts["late"], counts["absent"])
    facts = [morning.measures(who)["session:1"] for who in STANDS]
    assert sum(fact.get("attended", 0) for fact in facts) == came
    assert sum(fact.get("absent", 0) for fact in facts) == counts["absent"]

    row = publish(morning, meeting)
    (one, *others) = row.content["schools"]
    total = {key: one[key] + sum(each[key] for each in others) for key in
             ("due", "attended", "absent", "late")}  # fmt: skip
    assert total == {
        "due": len(STANDS),
        "attended": came,
        "absent": counts["absent"],
        "late": counts["late"],
    }
    named = Counter(str(each.matter) for each in row.rows)
    assert (named["absent"], named["late"]) == (counts["absent"], counts["late"])
    data = leader.get(morning.url(f"/circulars/{row.id}.xlsx")).data
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        people, schools = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    words = Counter(cell for line in people for cell in line)
    assert (words["缺训"], words["迟到"]) == (counts["absent"], counts["late"])
    head = next(line for line in schools if "应到人次" in line)
    sums = {
        title: sum(int(line[place]) for line in schools[schools.index(head) + 1 :])
        for place, title in enumerate(head)
        if title.endswith("人次")
    }
    assert (sums["应到人次"], sums["实到人次"]) == (len(STANDS), came)
    assert (sums["缺训人次"], sums["迟到人次"]) == (counts["absent"], counts["late"])
