"""Rules that real schemes need: named sources, mere amounts, choices, taking off."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.completions.fact import Fact
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.honours import Standing, Verdict, honours
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.honours import describe_honours, say_placed
from portal.schemes.words.rules import describe
from portal.schemes.words.sheets import explain

ZONE = ZoneInfo("Asia/Shanghai")
THEN = datetime(2024, 9, 2, tzinfo=UTC)
TITLE = {"zh": "方案", "en": "Scheme"}
EACH = {"do": "price", "unit": 1, "points": 1}


def item(name: str, counts: list[Any], *steps: Any, **more: Any) -> Any:
    return {"id": name, "title": TITLE, "counts": counts, "steps": list(steps), **more}


def scheme(*items: Any, **more: Any) -> Scheme:
    return read_scheme({"format": 1, "title": TITLE, "items": list(items), **more})


def sheet(rules: Scheme, *facts: tuple[str, dict[str, int | str]]) -> Sheet:
    made = [
        Fact(source, 1, str(n), 1, THEN, {k: Decimal(v) for k, v in measures.items()})
        for n, (source, measures) in enumerate(facts)
    ]
    return evaluate(rules, made, zone=ZONE)


def of(source: str, measure: str, **more: Any) -> Any:
    return {"source": source, "measure": measure, **more}


LOGS = of("journal", "entries")


def test_a_source_is_called_what_the_scheme_calls_it() -> None:
    titles = {"zh": "关注同伴", "en": "Followed a colleague"}
    follows = of("records:platform", "follows", times="0.1", title=titles)
    rules = scheme(item("community", [follows], EACH))
    assert describe(rules.items[0], {}) == ["“关注同伴”每次计0.1分。"]


def test_an_amount_that_stands_aside_is_shown_and_brings_no_marks() -> None:
    aside = item("observed", [of("records:lesson", "lessons_observed")], aside=True)
    rules = scheme(item("journals", [LOGS], EACH), aside)
    found = sheet(
        rules, ("records:lesson", {"lessons_observed": 15}), ("journal", {"entries": 2})
    )
    line = found.line("observed")
    assert (line.amount, line.points, line.most, found.total) == (15, 0, 0, 2)
    assert line.is_amount
    assert explain(line) == ["共15节，只看数量，不计分。"]
    assert describe(rules.items[1], {})[-1] == "只看数量，不计分。"
    assert not found.line("journals").is_amount


def test_an_item_of_the_total_still_needs_a_price() -> None:
    with pytest.raises(SchemeError) as refused:
        scheme(item("journals", [LOGS]))
    assert [problem.code for problem in refused.value.problems] == ["unpriced"]


@pytest.mark.parametrize(("entries", "qualified"), [(2, False), (3, True)])
def test_musts_alone_make_a_scheme(entries: int, qualified: bool) -> None:
    gate = {"of": "amount", "at_least": 3}
    rules = scheme(item("journals", [LOGS], aside=True, gates=[gate]))
    found = sheet(rules, ("journal", {"entries": entries}))
    assert (found.qualified, found.total, rules.most) == (qualified, 0, 0)


def test_a_scheme_that_only_shows_amounts_is_refused() -> None:
    with pytest.raises(SchemeError) as refused:
        scheme(item("journals", [LOGS], aside=True))
    assert [problem.code for problem in refused.value.problems] == ["all_aside"]


FIVE_AND_ONE = {
    "id": "modules",
    "title": TITLE,
    "items": [
        item("easy", [of("easy", "marks")], {"do": "highest", "keep": 4}),
        item("hard", [of("hard", "marks")], {"do": "highest", "keep": 5}),
    ],
    "steps": [{"do": "highest", "keep": 5, "of": "facts"}, {"do": "cap", "limit": 50}],
}


@pytest.mark.parametrize(
    ("easy", "hard", "points"),
    [
        ([10, 10, 10, 10], [7], 47),
        ([10, 10, 10, 10, 10], [], 40),
        ([10, 9, 8, 7, 6], [5, 4], 39),
        ([5], [10, 10, 10, 10, 9], 49),
        ([9, 9, 9, 9], [8, 8], 44),
    ],
)
def test_the_highest_facts_of_several_items_may_be_chosen_together(
    easy: list[int], hard: list[int], points: int
) -> None:
    facts = [("easy", {"marks": mark}) for mark in easy]
    facts += [("hard", {"marks": mark}) for mark in hard]
    rules = scheme(FIVE_AND_ONE)
    assert sheet(rules, *facts).total == points
    assert rules.most == 50
    assert describe(rules.items[0], {})[0] == ("各分项合在一起，只取最高的5项记录。")


LESSONS = of("records:lesson", "lessons_observed", title={"zh": "听课", "en": "L"})
TAKING_OFF = {"do": "less", "source": "records:lesson", "measure": "missing"}
FIFTEEN = {"do": "price", "unit": 15, "points": 10, "count": "whole"}


@pytest.mark.parametrize(
    ("lessons", "missing", "floor", "points"),
    [
        (15, 0, 0, 10),
        (15, 1, 0, 8),
        (15, 5, 0, 0),
        (15, 9, 0, 0),
        (15, 5, 3, 3),
        (14, 1, 3, 0),
    ],
)
def test_what_lacks_is_taken_off_what_was_earned(
    lessons: int, missing: int, floor: int, points: int
) -> None:
    less = {**TAKING_OFF, "unit": 1, "minus": 2, "floor": floor}
    rules = scheme(
        item("observed", [LESSONS], FIFTEEN, {"do": "cap", "limit": 10}, less)
    )
    measures = {"lessons_observed": lessons, "missing": missing}
    assert sheet(rules, ("records:lesson", measures)).total == points


def test_taking_off_is_explained_and_said_in_words() -> None:
    less = {**TAKING_OFF, "unit": 1, "minus": 2}
    rules = scheme(item("observed", [LESSONS], FIFTEEN, less))
    measures = {"lessons_observed": 15, "missing": 2}
    found = sheet(rules, ("records:lesson", measures))
    assert explain(found.line("observed"))[-1] == (
        "2处缺项，每处缺项扣2分，从10分扣到6分。"
    )
    assert describe(rules.items[0], {})[-1] == "“听课”每处缺项扣2分。"


def test_the_parts_of_a_group_with_a_price_bring_points() -> None:
    group = {
        "id": "extended",
        "title": TITLE,
        "items": [item("logs", [LOGS], {**EACH, "points": 2})],
        "steps": [{"do": "price", "unit": 10, "points": 1, "count": "whole"}],
    }
    rules = scheme(group)
    found = sheet(rules, ("journal", {"entries": 7}))
    assert (found.line("extended").amount, found.total) == (14, 1)
    assert explain(found.line("extended")) == [
        "14积分含1个整10积分，每个计1分，得1分。"
    ]
    assert describe(rules.items[0], {}) == ["每满10积分计1分。"]


def test_people_are_ranked_before_the_number_of_places_is_known() -> None:
    aside = item("community", [of("discussion", "posts")], EACH, aside=True)
    keys = [{"by": "total"}, {"by": "item", "item": "community"}]
    rules = scheme(
        item("marks", [of("records:leader", "marks")]), aside, honours={"ranking": keys}
    )
    people = [(90, 2), (90, 5), (80, 9)]
    standings = [
        Standing(
            person,
            sheet(
                rules, ("records:leader", {"marks": mark}), ("discussion", {"posts": n})
            ),
        )
        for person, (mark, n) in enumerate(people, 1)
    ]
    found = honours(rules, standings)
    assert [(each.person, each.rank) for each in found.placed] == [
        (2, 1),
        (1, 2),
        (3, 3),
    ]
    assert found.who(Verdict.HONOURED) == ()
    assert say_placed(found.placed[0], {}) == "排第1，名额未定。"
    assert describe_honours(rules, {})[0] == "评优名额未定，只排名次。"


def test_of_each_activity_no_more_than_asked_is_taken() -> None:
    posts = of("discussion", "posts", per_activity=1)
    elsewhere = of("records:platform", "activities")
    price = {**EACH, "points": 2}
    rules = scheme(item("took_part", [posts, elsewhere], price, unit=TITLE))
    made = [("discussion", activity, {"posts": 1}) for activity in (1, 1, 2, 1, 3)]
    made.append(("records:platform", 9, {"activities": 4}))
    facts = [
        Fact(source, activity, str(n), 1, THEN, measures)
        for n, (source, activity, measures) in enumerate(made)
    ]
    refused = Fact("discussion", 4, "refused", 1, THEN, {"posts": 1, "rejected": 1})
    found = evaluate(rules, [*facts, refused], zone=ZONE)
    assert (found.line("took_part").amount, found.total) == (7, 14)
    names = {"discussion": "研讨", "records:platform": "平台"}
    assert describe(rules.items[0], names)[:2] == [
        "计入“研讨”、“平台”。",
        "“研讨”每个活动最多计1条。",
    ]


def test_weights_are_said_as_points_where_they_are_no_marks_yet() -> None:
    counts = [of("journal", "entries", times=2), of("discussion", "topics")]
    ten = {**EACH, "unit": 10, "count": "whole"}
    names = {"journal": "周记", "discussion": "研讨"}
    kept = scheme(item("extended", counts, ten))
    assert describe(kept.items[0], names) == [
        "“周记”每篇计2积分。",
        "“研讨”每个话题计1积分。",
        "每满10积分计1分。",
    ]
    side = item("community", counts, EACH, aside=True)
    beside = scheme(item("marks", [of("records:leader", "marks")]), side)
    assert describe(beside.items[1], names) == [
        "“周记”每篇计2积分。",
        "“研讨”每个话题计1积分。",
    ]


def test_stages_that_all_sources_share_are_said_once() -> None:
    names = {"journal": "周记", "reading": "读书"}
    shared = [
        {**LOGS, "stages": [2, 3, 4, 6]},
        of("reading", "entries", stages=[2, 3, 4, 6]),
    ]
    rules = scheme(item("texts", shared, EACH))
    assert describe(rules.items[0], names)[:2] == [
        "计入“周记”、“读书”。",
        "只计第2–4、6阶段的。",
    ]
    apart = [{**LOGS, "stages": [1, 2]}, of("reading", "entries", stages=[3])]
    rules = scheme(item("texts", apart, EACH))
    assert describe(rules.items[0], names)[:3] == [
        "计入“周记”、“读书”。",
        "“周记”只计第1、2阶段的。",
        "“读书”只计第3阶段的。",
    ]


def test_what_is_counted_of_a_source_is_named_where_it_has_several() -> None:
    names = {"journal": "周记", "journal|in_time": "按时篇数"}
    in_time = item("in_time", [of("journal", "in_time")], EACH)
    every = item("all", [of("journal", "entries")], EACH)
    cap = {"do": "cap", "limit": 5}
    both = {"id": "both", "title": TITLE, "items": [in_time, every], "steps": [cap]}
    group, *parts = [each for each, _ in scheme(both).walk()]
    assert [describe(part, names)[0] for part in parts] == [
        "计入“周记”的按时篇数。",
        "计入“周记”。",
    ]
    assert describe(group, names) == ["其中各项的得分合在一起。", "最多5分。"]


def test_a_must_of_one_stage_is_said_of_that_stage() -> None:
    gate = {"of": "amount", "at_least": 300, "stages": [1]}
    minutes = item(
        "course", [of("material", "watch_minutes")], aside=True, gates=[gate]
    )
    rules = scheme(minutes)
    assert describe(rules.items[0], {})[-1] == "第1阶段须达到300分钟，否则不合格。"


def test_weights_of_a_deduction_are_what_each_takes_off() -> None:
    absent = of("attendance", "absent")
    late = of("attendance", "arrived_late", times="0.5")
    deduct = {"do": "deduct", "points": 5, "unit": 1, "minus": 1, "count": "exact"}
    rules = scheme(item("training", [absent, late], deduct))
    assert describe(rules.items[0], {"attendance": "线下活动"}) == [
        "“线下活动”每次缺席扣1分。",
        "“线下活动”每次迟到扣0.5分。",
        "从5分起扣。",
    ]
