"""Questions read from plain text: good ones are kept, bad ones told by their line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_quiz.importing import read
from portal_quiz.models import Kind, Question
from sqlalchemy import func, select

from portal.api import Invalid

TEXT = """1. “最近发展区”是谁提出的？
A. 皮亚杰
B、维果茨基
答案：B
解析：见《社会中的心智》。
第二行。

（2）下面哪些属于形成性评价？
A．课堂提问
B．中考
C．成长记录袋
答案：A、C

3、课堂观察只看教师的教。
答案：错

PBL 的中文名称是什么？
答案：项目式学习；项目化学习

写一个课堂提问。
要说说好在哪里。
参考答案：说清问了什么。
"""


def test_five_kinds_are_read_from_their_answers() -> None:
    single, multiple, truth, short, essay = (one.draft for one in read(TEXT))

    assert single
    assert (single.kind, single.stem) == (Kind.SINGLE, "“最近发展区”是谁提出的？")
    assert (single.options, single.right) == (("皮亚杰", "维果茨基"), {1})
    assert single.explanation == "见《社会中的心智》。\n第二行。"
    assert multiple
    assert (multiple.kind, multiple.right) == (Kind.MULTIPLE, {0, 2})
    assert truth
    assert (truth.kind, truth.right) == (Kind.TRUE_FALSE, {1})
    assert short
    assert (short.kind, short.accepted) == (Kind.SHORT, ("项目式学习", "项目化学习"))
    assert essay
    assert (essay.kind, essay.model) == (Kind.ESSAY, "说清问了什么。")
    assert essay.stem == "写一个课堂提问。\n要说说好在哪里。"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("题干\nA. 甲\n答案：A", "options_too_few"),
        ("题干\nA. 甲\nB. 乙\n答案：C", "key_missing"),
        ("题干\nA. 甲\nB. 乙", "key_missing"),
        ("A. 甲\nB. 乙\n答案：A", "stem_missing"),
    ],
)
def test_a_block_that_cannot_be_asked_is_told_by_its_line(
    block: str, code: str
) -> None:
    good, bad = read(f"好题\n答案：对\n\n\n{block}")

    assert good.draft
    assert (bad.line, bad.draft) == (5, None)
    assert bad.problem
    assert bad.problem.code == code


def test_fields_may_have_english_names() -> None:
    (one,) = read(
        "Who said so?\nA. Piaget\nB. Vygotsky\nAnswer: B\nExplanation: he did"
    )

    assert one.draft
    assert (one.draft.right, one.draft.explanation) == ({1}, "he did")


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_told(text: str) -> None:
    for one in read(text):
        assert (one.draft is None) != (one.problem is None)
        assert one.line >= 1


def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(Invalid, match="import_too_long"):
        read("题干\n答案：对\n\n" * 201)


def test_good_ones_go_to_the_bank_and_bad_ones_stay_on_the_page(course: Any) -> None:
    browser = course.browser("leader")
    text = f"{TEXT}\n坏题\nA. 甲\n答案：A"

    answer = browser.post(course.url("/questions/import"), data={"text": text})

    assert answer.status_code == 422
    assert "第 24 行起" in answer.text
    assert "坏题" in answer.text
    assert "PBL" not in answer.text.partition("<textarea")[2].partition("</textarea")[0]
    assert course.session.scalar(select(func.count()).select_from(Question)) == 5
