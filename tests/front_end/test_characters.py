"""The page counts a text as the server does (A17)."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TEXTS = [
    "",
    "今天教《桂花雨》。",
    "用 2 个课时读 iPad 上的 ABC123def 材料",
    "【图片\u003a12】\n[图片\u003a7 板书]\n图片：7",
    "𠮷㛃䶮々〇ー",
    "ひらがな カタカナ 한국어 naïve café e\u0301",
    "阿卜杜热合曼·买买提依明",
    "１２３ ＡＢＣ \uff0c\uff01 12.5% a-b a_b 👩‍🏫\u200b\ufeff",
]
ALPHABET = "今天雨a1 ,。\n\u0301é𠮷ひ한\u200d_-ー〇①Ⅳ½"


def random_texts(count: int) -> list[str]:
    chance = random.Random(20261122)
    return [
        "".join(chance.choices(ALPHABET, k=chance.randint(0, 40))) for _ in range(count)
    ]


def test_the_page_counts_as_the_server_does(
    page: Page, count: Callable[[str], int]
) -> None:
    texts = TEXTS + random_texts(500)
    page.goto("/write")
    counted = page.evaluate(
        "async texts => {"
        " const { countCharacters } = await import('/src/characters.js');"
        " return texts.map(countCharacters); }",
        texts,
    )
    expected = [count(text) for text in texts]
    assert dict(zip(texts, counted, strict=True)) == dict(
        zip(texts, expected, strict=True)
    )
