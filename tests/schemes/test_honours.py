"""The honours rule: quota, who may be chosen, the ranking, and ties."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.completions.fact import Fact
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.honours import Honours, Standing, Verdict, honours
from portal.schemes.engine.rules import Scheme
from portal.schemes.words.honours import REASONS, describe_honours, say_placed

ZONE = ZoneInfo("Asia/Shanghai")
THEN = datetime(2024, 9, 3, 2, tzinfo=UTC)
TITLE = {"zh": "方案", "en": "Scheme"}


def scheme(pass_mark: int | None = 60, **rule: Any) -> Scheme:
    """Marks and posts; the posts stand aside."""
    passing = {} if pass_mark is None else {"pass_mark": pass_mark}
    return read_scheme(
        {
            "format": 1,
            "title": TITLE,
            **passing,
            "items": [
                {
                    "id": "marks",
                    "title": TITLE,
                    "counts": [{"source": "records:leader", "measure": "marks"}],
                    "steps": [{"do": "cap", "limit": 100}],
                },
                {
                    "id": "community",
                    "title": {"zh": "社区积分", "en": "Community"},
                    "aside": True,
                    "counts": [{"source": "discussion", "measure": "posts"}],
                    "steps": [{"do": "price", "unit": 2, "points": 1}],
                },
            ],
            "honours": rule,
        }
    )


def fact(source: str, **measures: int | Decimal) -> Fact:
    return Fact(source, source, "one", 1, THEN, measures)


def stand(rules: Scheme, person: int, marks: int | str, *more: Fact) -> Standing:
    facts = (fact("records:leader", marks=Decimal(marks)), *more)
    return Standing(person, evaluate(rules, facts, zone=ZONE), facts)


def outcome(rules: Scheme, *marks: int | str) -> Honours:
    """Of people numbered from 1, with these marks."""
    return honours(rules, [stand(rules, n, each) for n, each in enumerate(marks, 1)])


def verdict(found: Honours, person: int) -> Verdict:
    return next(each.verdict for each in found.placed if each.person == person)


# The quota


def test_the_quota_is_a_share_of_the_qualified_rounded_down() -> None:
    found = outcome(scheme(share="0.2"), 99, 98, 97, 96, 95, 94, 93, 92, 91, 59)
    assert (found.of, found.quota, found.who(Verdict.HONOURED)) == (9, 1, (1,))


def test_a_share_of_all_who_took_part_honours_only_the_qualified() -> None:
    found = outcome(scheme(share="0.5", of="participants"), 50, 40, 30, 90)
    assert (found.of, found.quota) == (4, 2)
    assert found.who(Verdict.HONOURED) == (4,)


def test_a_third_of_three_is_one_and_not_nearly_one() -> None:
    assert outcome(scheme(share="0.333334"), 90, 80, 70).quota == 1
    assert outcome(scheme(share="0.333333"), 90, 80, 70).quota == 0


def test_places_are_filled_as_far_as_there_are_people() -> None:
    found = outcome(scheme(places=4), 90, 80, 20)
    assert (found.quota, found.who(Verdict.HONOURED)) == (4, (1, 2))
    assert verdict(found, 3) is Verdict.UNQUALIFIED


def test_where_nobody_is_called_qualified_everybody_takes_part() -> None:
    found = outcome(scheme(None, share="0.5"), 10, 20)
    assert (found.of, found.who(Verdict.HONOURED)) == (2, (2,))


def test_without_a_rule_the_question_is_an_error() -> None:
    rules = read_scheme(
        {
            "format": 1,
            "title": TITLE,
            "items": [
                {
                    "id": "marks",
                    "title": TITLE,
                    "counts": [{"source": "records:leader", "measure": "marks"}],
                }
            ],
        }
    )
    with pytest.raises(ValueError, match="no honours rule"):
        honours(rules, [])


# Who may be chosen


def test_the_barred_are_passed_over_and_the_next_takes_the_place() -> None:
    rules = scheme(
        places=1, barred=[{"measure": "rejected"}, {"measure": "absent", "at_least": 2}]
    )
    copied = stand(rules, 1, 99, fact("journal", entries=1, rejected=1))
    absent = stand(rules, 2, 98, fact("attendance", absent=2))
    once = stand(rules, 3, 97, fact("attendance", absent=1))
    found = honours(rules, [copied, absent, once])
    assert found.who(Verdict.HONOURED) == (3,)
    reasons = {each.person: dict(each.why.params) for each in found.placed}
    assert reasons[1] == {"measure": "rejected", "reached": "1", "at_least": "1"}
    assert reasons[2] == {"measure": "absent", "reached": "2", "at_least": "2"}
    assert reasons[3] == {"rank": 1, "quota": 1}


def test_who_is_barred_counts_among_the_qualified_of_the_share() -> None:
    rules = scheme(share="0.5", barred=[{"measure": "absent"}])
    absent = stand(rules, 1, 99, fact("attendance", absent=1))
    found = honours(rules, [absent, stand(rules, 2, 70)])
    assert (found.of, found.quota, found.who(Verdict.HONOURED)) == (2, 1, (2,))


def test_leave_bars_nobody_and_a_source_bars_by_its_own_facts_only() -> None:
    rules = scheme(places=9, barred=[{"source": "attendance", "measure": "absent"}])
    on_leave = stand(rules, 1, 90, fact("attendance", absent=1, exempt=1))
    elsewhere = stand(rules, 2, 90, fact("records:training", absent=1))
    found = honours(rules, [on_leave, elsewhere])
    assert found.who(Verdict.HONOURED) == (1, 2)


def test_what_was_withdrawn_bars_nobody() -> None:
    rules = scheme(places=1, barred=[{"measure": "absent"}])
    was = fact("attendance", absent=1)
    now = Fact("attendance", "attendance", "one", 2, THEN, {}, withdrawn=True)
    found = honours(rules, [stand(rules, 1, 90, was, now)])
    assert found.who(Verdict.HONOURED) == (1,)


def test_an_honour_may_ask_for_more_than_passing() -> None:
    rules = scheme(share=1, from_mark=85)
    found = outcome(rules, "84.96", 85)
    assert found.who(Verdict.HONOURED) == (2,)
    assert found.who(Verdict.BELOW) == (1,)
    assert found.quota == 2


# Ranking and ties


def test_later_keys_decide_among_equals() -> None:
    by_item = [{"by": "total"}, {"by": "item", "item": "community"}]
    measure = {"by": "measure", "source": "discussion", "measure": "posts"}
    for ranking in (by_item, [{"by": "total"}, measure]):
        rules = scheme(places=1, ranking=ranking)
        people = [
            stand(rules, 1, 90, fact("discussion", posts=10)),
            stand(rules, 2, 90, fact("discussion", posts=30)),
            stand(rules, 3, 89, fact("discussion", posts=99)),
        ]
        found = honours(rules, people)
        assert [each.person for each in found.placed] == [2, 1, 3]
        assert found.who(Verdict.HONOURED) == (2,)


@pytest.mark.parametrize(
    ("ties", "honoured", "tied", "to_choose"),
    [("choose", (1,), (2, 3), 1), ("all", (1, 2, 3), (), 0), ("none", (1,), (), 0)],
)
def test_ties_across_the_last_place_are_settled_as_the_rule_says(
    ties: str, honoured: Sequence[int], tied: Sequence[int], to_choose: int
) -> None:
    found = outcome(scheme(places=2, ties=ties), 95, 90, 90, 80)
    assert found.who(Verdict.HONOURED) == honoured
    assert found.who(Verdict.TIED) == tied
    assert found.to_choose == to_choose
    assert verdict(found, 4) is Verdict.BEYOND
    assert [each.rank for each in found.placed] == [1, 2, 2, 4]


def test_equals_within_the_quota_are_no_tie() -> None:
    found = outcome(scheme(places=3), 90, 90, 80, 70)
    assert found.who(Verdict.HONOURED) == (1, 2, 3)
    assert found.to_choose == 0


# Its words


def test_everybody_is_told_why(app: Flask) -> None:
    rules = scheme(
        places=2,
        from_mark=70,
        barred=[
            {"measure": "rejected"},
            {"measure": "absent"},
            {"source": "attendance", "measure": "watch_minutes", "at_least": 5},
            {"measure": "posts", "at_least": 100},
        ],
    )
    people = [
        stand(rules, 1, 99),
        *(stand(rules, n, 90) for n in (2, 3)),
        stand(rules, 4, 80),
        stand(rules, 5, 99, fact("journal", rejected=2)),
        stand(rules, 6, 99, fact("attendance", absent=1)),
        stand(rules, 7, 99, fact("attendance", watch_minutes=7)),
        stand(rules, 8, 99, fact("discussion", posts=100)),
        stand(rules, 9, 65),
        stand(rules, 10, 50),
    ]
    names = {"attendance": "集中培训"}
    said = {
        each.person: say_placed(each, names) for each in honours(rules, people).placed
    }
    assert said == {
        1: "排第1，在2个名额之内。",
        2: "并列第2的有2人，只余1个名额，由坊主选定。",
        3: "并列第2的有2人，只余1个名额，由坊主选定。",
        4: "排第4，名额2个，未能入选。",
        5: "有2项因雷同或不合要求被驳回，不得评优。",
        6: "无故缺勤1次，不得评优。",
        7: "“集中培训”记有7分钟，不得评优。",
        8: "记有100条，不得评优。",
        9: "65.0分，未达评优要求的70分。",
        10: "不合格，不参加评优。",
    }
    none = scheme(places=1, ties="none")
    (first, _second) = outcome(none, 90, 90).placed
    assert say_placed(first, {}) == "并列第1的有2人，只余1个名额，按规则均不入选。"
    (ranked,) = outcome(scheme(), 90).placed
    assert say_placed(ranked, {}) == "排第1，名额未定。"
    assert len(REASONS) == 7


def test_the_rule_is_said_in_words(app: Flask) -> None:
    ranking = [
        {"by": "total"},
        {"by": "item", "item": "community"},
        {"by": "measure", "source": "discussion", "measure": "posts"},
    ]
    rules = scheme(
        share="0.2",
        from_mark=85,
        barred=[{"measure": "rejected"}, {"source": "quiz", "measure": "absent"}],
        ranking=ranking,
    )
    assert describe_honours(rules, {"discussion": "研讨"}) == [
        "评优名额为合格人数的20%，不足一个的舍去。",
        "须达85分。",
        "有1项被驳回（雷同等）的，不得评优。",
        "无故缺勤1次的，不得评优。",
        "依次按总分、“社区积分”得分、“研讨”的数量从高到低排列。",
        "末位并列的，由坊主选定。",
    ]
    assert describe_honours(scheme(places=3), {})[0] == "评优名额3个。"
    with app.test_request_context(), force_locale("en"):
        english = " ".join(describe_honours(rules, {"discussion": "Talks"}))
    assert "、" not in english


# Whatever the people


RULES = st.builds(
    scheme,
    share=st.sampled_from(["0.1", "0.25", "0.333333", "1"]),
    of=st.sampled_from(["qualified", "participants"]),
    ties=st.sampled_from(["choose", "all", "none"]),
    barred=st.just([{"measure": "absent"}]),
    ranking=st.sampled_from(
        [[{"by": "total"}], [{"by": "total"}, {"by": "item", "item": "community"}]]
    ),
)
PEOPLE = st.lists(
    st.tuples(st.sampled_from([40, 60, 75, 75, 90]), st.integers(0, 3), st.booleans()),
    max_size=14,
)


@settings(deadline=None, max_examples=120)
@given(RULES, PEOPLE, st.randoms(use_true_random=False))
def test_no_more_than_the_quota_in_any_order_and_nobody_who_may_not(
    rules: Scheme, people: list[tuple[int, int, bool]], chance: Any
) -> None:
    standing = [
        stand(
            rules,
            number,
            marks,
            fact("discussion", posts=posts),
            *([fact("attendance", absent=1)] if absent else []),
        )
        for number, (marks, posts, absent) in enumerate(people)
    ]
    found = honours(rules, standing)
    shuffled = list(standing)
    chance.shuffle(shuffled)
    assert honours(rules, shuffled) == found
    rule = rules.honours
    assert rule is not None
    assert rule.share is not None
    assert found.quota == floor(rule.share * found.of)
    chosen = found.who(Verdict.HONOURED)
    if rule.ties != "all":
        assert len(chosen) <= found.quota
    for person in (*chosen, *found.who(Verdict.TIED)):
        marks, _posts, absent = people[person]
        assert marks >= 60
        assert not absent
    assert sorted(each.person for each in found.placed) == list(range(len(people)))
    best = max((people[n][0] for n in chosen), default=0)
    left_out = [people[n][0] for n in found.who(Verdict.BEYOND)]
    assert not chosen or all(marks <= best for marks in left_out)


def test_a_ranking_by_a_measure_takes_what_counts_of_its_source_only() -> None:
    by_posts = {"by": "measure", "source": "discussion", "measure": "posts"}
    rules = scheme(places=1, ranking=[{"by": "total"}, by_posts])
    elsewhere = fact("journal", posts=9)
    copied = fact("discussion", posts=9, rejected=1)
    excused = fact("discussion", posts=9, exempt=1)
    people = [
        stand(rules, person, 80, each)
        for person, each in enumerate((elsewhere, copied, excused), 1)
    ]
    own = stand(rules, 4, 80, fact("discussion", posts=1))
    assert honours(rules, [*people, own]).who(Verdict.HONOURED) == (4,)
    assert honours(rules, people).who(Verdict.TIED) == (1, 2, 3)
