"""Texts counted and compared: case 4 number for number, and what holds always."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.submissions.text import (
    Length,
    bare,
    count_characters,
    fingerprints,
    normal,
    plain_text,
    shared_passages,
    shingles,
    similarity,
)

A = (
    "今天执教《荷花》一课,我原打算用四十分钟完成三个环节,结果在朗读指导上就用去了"
    "二十五分钟。学生把“挤”字换成“长”“冒”以后,自己说出了荷叶多而密的样子,这比我"
    "讲解有效得多。遗憾的是小练笔没有时间写,下一课时我要把朗读压缩到十五分钟,留出"
    "十分钟让学生仿写。"
)
B = (
    "反思:今天我执教《荷花》一课,原打算用四十分钟完成三个环节,结果在朗读指导上用去"
    "了二十五分钟。学生把“挤”字换成“长”“冒”以后,自己说出了荷叶多而密的样子,这比"
    "我讲解有效得多。遗憾的是小练笔没有时间写,下一课时我要把朗读压缩到十五分钟,留出"
    "时间让学生仿写。"
)
C = (
    "《荷花》第二课时,我请学生先默写上节课抓住的三个动词,再用它们写校园里的丁香。全班"
    "三十八人有二十九人写满了八十字,但有七人只会照抄课文句式。我在讲台边给这七个孩子"
    "看了丁香的照片,让他们先说颜色再说样子,五分钟后都能写出自己的一句话。"
)

TEXTS = st.text(st.sampled_from("今天朗读仿写,。 ab1\n"), max_size=60)


@pytest.mark.parametrize(
    ("text", "characters", "distinct"), [(A, 111, 107), (B, 111, 107), (C, 106, 102)]
)
def test_the_texts_of_case_4_have_the_length_counted_by_hand(
    text: str, characters: int, distinct: int
) -> None:
    assert count_characters(text) == Length(characters=characters, words=0)
    assert len(shingles(text)) == distinct


def test_the_copy_of_case_4_shares_88_of_107_shingles() -> None:
    assert len(shingles(B) & shingles(A)) == 88
    assert similarity(B, A) == Decimal(88) / Decimal(107)
    assert f"{similarity(B, A):.3f}" == "0.822"
    assert similarity(B, A) >= Decimal("0.80")


def test_the_honest_text_of_case_4_shares_nothing() -> None:
    assert similarity(C, A) == 0
    assert shared_passages(C, A) == ()


def test_the_copy_of_case_4_is_found_by_its_fingerprints() -> None:
    assert len(fingerprints(B) & fingerprints(A)) >= 10
    assert not fingerprints(C) & fingerprints(A)


def test_fingerprints_stay_the_same_for_ever_because_they_are_stored() -> None:
    assert fingerprints("荷叶多而密的样子") == {
        -8846847000992901916,
        -5084986797912369940,
        8986568961247969496,
    }


@pytest.mark.parametrize(
    ("text", "characters", "words"),
    [
        ("", 0, 0),
        (" ,。!?《》“”……——\n\t ", 0, 0),
        ("用 iPad 上课", 4, 1),
        ("PPT做了12页", 5, 2),
        ("don't", 2, 2),
        ("cafe\u0301 naïve", 2, 2),
        ("𠮷野家〇", 4, 0),
        ("荷\u200b花\ufe0f", 2, 0),
        ("a" * 500, 1, 1),
        ("あいう", 3, 0),
        ("👍👍👍", 0, 0),
    ],
)
def test_a_han_character_counts_one_and_a_run_of_letters_or_digits_too(
    text: str, characters: int, words: int
) -> None:
    assert count_characters(text) == Length(characters, words)


def test_a_picture_line_is_neither_counted_nor_compared() -> None:
    text = "荷花开了\n[图片:12 池边的孩子们]\n【图片:3】\n真好看"
    assert count_characters(text) == Length(7, 0)
    assert bare(text) == "荷花开了真好看"


def test_a_picture_line_within_a_sentence_is_part_of_the_sentence() -> None:
    assert count_characters("见[图片:12]").characters == 4


def test_similarity_is_measured_against_the_newer_text() -> None:
    short, long = A[:40], A
    assert similarity(short, long) == 1
    assert similarity(long, short) < Decimal("0.5")


@pytest.mark.parametrize("text", ["", "四个字呀", ",。!", "abc"])
def test_a_text_too_short_for_a_shingle_is_like_nothing(text: str) -> None:
    assert similarity(text, text) == 0
    assert fingerprints(text) == frozenset()


def test_punctuation_blanks_and_invisible_signs_hide_no_copy() -> None:
    disguised = "。\u200b ".join(A)
    assert similarity(disguised, A) == 1


def test_a_leader_sees_the_shared_passages_with_their_punctuation() -> None:
    assert [passage.text for passage in shared_passages(B, A)] == [
        "执教《荷花》一课",
        "原打算用四十分钟完成三个环节,结果在朗读指导上",
        B[B.index("用去了") : B.index("时间让")],
        "让学生仿写",
    ]


def test_shared_passages_of_the_other_text_are_found_the_other_way_round() -> None:
    of_b = [passage.text for passage in shared_passages(B, A)]
    assert [passage.text for passage in shared_passages(A, B)] == of_b


def test_html_becomes_a_line_for_every_block() -> None:
    html = (
        "<h2>题目</h2><p>今天<strong>很</strong>好</p>尾巴<ul><li>一</li><li>二</li></ul>"
        "<p>上<br>下</p><table><tr><td>甲</td><td>乙</td></tr></table><p>3 &lt; 4</p>"
    )
    assert plain_text(html).split("\n") == [
        "题目",
        "今天很好",
        "尾巴",
        "一",
        "二",
        "上",
        "下",
        "甲 乙",
        "3 < 4",
    ]


def test_scripts_and_styles_are_no_words() -> None:
    html = "<style>p{}</style><p>好</p><script>坏()</script><template>藏</template>"
    assert plain_text(html) == "好"


def test_deeply_nested_html_is_read_too() -> None:
    assert plain_text("<div><b>" * 5000 + "好") == "好"


@given(TEXTS)
def test_a_text_is_wholly_like_itself(text: str) -> None:
    assert similarity(text, text) == (1 if len(bare(text)) >= 5 else 0)


@given(TEXTS, TEXTS)
def test_similarity_is_a_share_and_passages_agree_with_it(one: str, two: str) -> None:
    share = similarity(one, two)
    assert 0 <= share <= 1
    assert bool(shared_passages(one, two)) == (share > 0)


@given(TEXTS, TEXTS)
def test_passages_stand_where_they_say_and_never_overlap(one: str, two: str) -> None:
    end = 0
    for passage in shared_passages(one, two):
        assert end <= passage.start < passage.end
        assert normal(one)[passage.start : passage.end] == passage.text
        assert shingles(passage.text) & shingles(two)
        end = passage.end


@given(TEXTS, TEXTS)
def test_a_passage_is_sampled_alike_in_every_text(one: str, two: str) -> None:
    assert fingerprints(one) <= fingerprints(f"{one}\n{two}")


@given(TEXTS)
def test_fingerprints_are_signed_64_bit_numbers_of_a_quarter(text: str) -> None:
    for number in fingerprints(text):
        assert -(2**63) <= number < 2**63
        assert number % 4 == 0


@given(st.text(max_size=80))
def test_every_text_can_be_counted_and_words_are_some_of_its_characters(
    text: str,
) -> None:
    length = count_characters(text)
    assert 0 <= length.words <= length.characters <= len(text)
