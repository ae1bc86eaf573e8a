"""Case 4: what the weekly journal is worth, from facts as the journal reports them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import load_template, read_scheme
from portal.schemes.engine.evaluation import evaluate

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_WEEK = datetime(2024, 9, 2, tzinfo=ZONE).astimezone(UTC)
WEEK = timedelta(weeks=1)
MINUTE = timedelta(minutes=1)

TERM = read_scheme(
    {
        "format": 1,
        "title": {"zh": "反思日记", "en": "Journals"},
        "items": [
            {
                "id": "journals",
                "title": {"zh": "反思日记", "en": "Journals"},
                "counts": [{"source": "journal", "measure": "entries"}],
                "steps": [
                    {
                        "do": "late",
                        "rungs": [
                            {"up_to_minutes": 0, "factor": 1},
                            {"up_to_minutes": 10080, "factor": 0.5},
                        ],
                    },
                    {"do": "price", "unit": 1, "points": 1},
                    {"do": "cap", "limit": 16},
                ],
            }
        ],
    }
)


def journal(at: datetime, week: int = 1, revision: int = 1, **measures: int) -> Fact:
    """A journal that counts as handed in at this time, measured as the core does."""
    late = at - (FIRST_WEEK + week * WEEK)
    minutes = max(0, -(-late // MINUTE))
    is_late = int(late >= timedelta(0))
    reported = {"entries": 1, "late": is_late, "late_minutes": minutes, **measures}
    key = f"week:{week}"
    return Fact("journal", 7, key, revision, at, reported, title=f"第{week}周")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}+08:00")


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        pytest.param([journal(at("09-08T23:59:59"))], "1", id="J1"),
        pytest.param([journal(at("09-08T23:59:59.500000"), rejected=1)], "0", id="J2"),
        pytest.param([], "0", id="J2-without-a-fact"),
        pytest.param([journal(at("09-09T00:00:00"))], "0.5", id="J3"),
        pytest.param([journal(at("09-08T20:00:00"))], "1", id="J4"),
        pytest.param(
            [
                journal(at("09-05T20:00:00")),
                journal(at("09-05T20:00:00"), revision=2),
            ],
            "1",
            id="J5-keeps-its-first-time",
        ),
        pytest.param(
            [
                journal(at("09-05T20:00:00")),
                journal(at("09-15T12:00:00"), revision=2),
            ],
            "0.5",
            id="J6",
        ),
        pytest.param(
            [journal(at("09-08T20:00:00"), entries=0, exempt=1)], "0", id="J7"
        ),
        pytest.param([journal(at("09-16T00:00:00"))], "0.5", id="exactly-seven-days"),
        pytest.param([journal(at("09-16T00:00:01"))], "0", id="a-second-too-late"),
    ],
)
def test_the_mark_of_week_one(facts: list[Fact], mark: str) -> None:
    assert evaluate(TERM, facts, zone=ZONE).total == Decimal(mark)


def test_eighteen_accepted_weeks_are_worth_sixteen() -> None:
    facts = [journal(FIRST_WEEK + n * WEEK - MINUTE, n) for n in range(1, 19)]
    line = evaluate(TERM, facts, zone=ZONE).line("journals")
    assert (line.amount, line.uncut, line.cut, line.points) == (18, 18, 2, 16)


def test_a_week_on_leave_is_named_and_neither_marked_nor_missed() -> None:
    line = evaluate(
        TERM, [journal(at("09-08T20:00:00"), entries=0, exempt=1)], zone=ZONE
    ).line("journals")
    assert [note.code for note in line.notes] == ["exempt"]


def test_the_weekly_template_passes_with_twelve_journals() -> None:
    scheme = read_scheme(load_template("weekly_journal"))
    eleven = [journal(FIRST_WEEK + n * WEEK - MINUTE, n) for n in range(1, 12)]
    late = journal(FIRST_WEEK + 12 * WEEK + MINUTE, 12)
    short = evaluate(scheme, [*eleven, late], zone=ZONE)
    assert (short.total, short.qualified) == (Decimal("57.5"), False)
    assert [(note.code, note.params) for note in short.missing] == [
        ("points_to_pass", {"points": "2.5"}),
        ("units_to_pass", {"item": "journals", "units": "1"}),
        ("awaits_mark", {"item": "leader"}),
    ]
    twelfth = journal(FIRST_WEEK + 13 * WEEK - MINUTE, 13)
    passed = evaluate(scheme, [*eleven, late, twelfth], zone=ZONE)
    assert (passed.total, passed.qualified) == (Decimal("62.5"), True)
