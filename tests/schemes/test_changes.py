"""What changed between two versions, line by line, in sentences."""

import copy
from typing import Any

from flask import Flask

from portal.schemes.documents.scheme import load_template, read_scheme
from portal.schemes.engine.changes import HEAD as PARTS
from portal.schemes.engine.changes import changes
from portal.schemes.words.changes import HEAD, say_changes

NAMES = {"journal": "反思日记", "records:leader": "坊主评分"}


def document() -> Any:
    return copy.deepcopy(load_template("weekly_journal"))


def said(after: Any, before: Any = None) -> list[str]:
    return say_changes(read_scheme(before or document()), read_scheme(after), NAMES)


def test_the_same_rules_are_no_change(app: Flask) -> None:
    rules = read_scheme(document())
    assert not changes(rules, read_scheme(document()))
    assert said(document()) == []


def test_a_cap_that_rose_and_a_pass_mark_that_fell_are_named(app: Flask) -> None:
    after = document()
    after["pass_mark"] = 50
    after["items"][0]["steps"][2]["limit"] = 75
    assert said(after) == [
        "合格线由60改为50。",
        "“反思日记”原来：最多80分。现在：最多75分。",
    ]


def test_what_is_new_and_what_is_gone_is_named(app: Flask) -> None:
    after = document()
    after["items"][1] = {
        "id": "talk",
        "title": {"zh": "研讨", "en": "Talk"},
        "counts": [{"source": "discussion", "measure": "posts"}],
        "steps": [{"do": "price", "unit": 1, "points": 1}, {"do": "cap", "limit": 20}],
    }
    assert said(after) == [
        "新增“研讨”。计入“discussion”。每条计1分。最多20分。",
        "取消“坊主评价”。",
    ]


def test_rules_that_came_or_went_are_named_one_by_one(app: Flask) -> None:
    after = document()
    journals = after["items"][0]
    del journals["steps"][0], journals["note"]
    journals["aside"] = False
    journals["gates"] = [{"of": "amount", "at_least": 8}]
    assert said(after) == [
        "“反思日记”取消规则：迟交不超过7天的按0.5计。",
        "“反思日记”取消规则：再晚的不计。",
        *said(after)[2:],
    ]
    assert said(after)[2].startswith("“反思日记”")
    assert any("须达到8篇，否则不合格。" in each for each in said(after))


def test_an_item_that_moved_and_one_with_another_name_are_named(app: Flask) -> None:
    after = document()
    leader = after["items"].pop()
    leader["title"] = {"zh": "坊主评分", "en": "Leader"}
    title = {"zh": "线下", "en": "Offline"}
    after["items"].append({"id": "offline", "title": title, "items": [leader]})
    assert said(after) == [
        "新增“线下”。其中各项的得分合在一起。",
        "“坊主评价”改名为“坊主评分”。",
        "“坊主评分”改列在“线下”之下。",
    ]
    assert said(document(), after)[0] == "“坊主评分”改名为“坊主评价”。"
    assert said(document(), after)[1] == "“坊主评价”改为单独的一项。"


def test_every_part_of_the_head_has_words(app: Flask) -> None:
    after = document()
    english = {"zh": "新", "en": "New"}
    after |= {
        "title": english,
        "dated": "2024",
        "unseen": [english],
        "scores": "leader",
        "cap": 90,
        "rounding": "whole",
        "bands": [{"key": "good", "title": english, "at_least": 80}],
        "shows": "levels",
        "honours": {"places": 3},
    }
    del after["pass_mark"], after["source"]
    sentences = said(after)
    assert "新设依据的日期：2024。" in sentences
    assert "取消合格线，原为60。" in sentences
    assert "考核对象由教师改为坊主和组长。" in sentences
    assert "总分封顶由100改为90。" in sentences
    assert "总分取整由不取整改为四舍五入到整数。" in sentences
    assert "新设等级：新 80 分起。" in sentences
    assert "教师看到的成绩由分数改为只显示等级。" in sentences
    assert "“评优”增加规则：评优名额3个。" in sentences
    assert {*HEAD, "honours"} == set(PARTS)
