"""A sheet of tokens is read as browsers read it, and colours as WCAG measures."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.theming.contrast import PAIRS, Colour, colour, ratio
from portal.theming.sheets import BY_NIGHT, LIGHT, VIEWS, read_sheet, values

DARK = "@media (prefers-color-scheme: dark)"
UNLESS_LIGHT = ':root:not([data-scheme="light"])'
NAMES = {view.name: view for view in VIEWS}

OWN = Path(__file__).parents[2] / "portal" / "static" / "css" / "tokens.css"
colours = st.integers(0, 2**24 - 1).map(lambda n: (n >> 16, n >> 8 & 255, n & 255))


def test_the_night_has_values_of_its_own() -> None:
    sheet = read_sheet(
        f":root {{ --paper: #fff; }} {DARK} {{ {UNLESS_LIGHT} {{ --paper: #111 }} }}"
    )
    assert values([sheet], LIGHT) == {"--paper": "#fff"}
    assert values([sheet], BY_NIGHT) == {"--paper": "#111"}
    by_choice = NAMES["light by choice on a dark device"]
    assert values([sheet], by_choice) == {"--paper": "#fff"}


def test_a_theme_without_a_night_wears_the_night_of_the_portal() -> None:
    portal = read_sheet(
        ":root { --ink: #000 } :root[data-scheme='dark'] { --ink: #fff }"
    )
    theme = read_sheet(":root { --ink: #321 }")
    assert values([portal, theme], LIGHT)["--ink"] == "#321"
    assert values([portal, theme], NAMES["dark by choice"])["--ink"] == "#fff"


def test_paper_is_white_whatever_a_theme_says() -> None:
    portal = read_sheet("@media print { :root { --paper: #fff !important; } }")
    theme = read_sheet(":root, :root[data-scheme=dark] { --paper: #111 }")
    assert values([portal, theme], NAMES["print after choosing dark"]) == {
        "--paper": "#fff"
    }


def test_a_token_may_be_another_and_a_circle_ends() -> None:
    sheet = read_sheet(
        ":root { --a: var(--b); --b: #123; --c: var(--d); --d: var(--c)}"
    )
    found = values([sheet], LIGHT)
    assert found["--a"] == "#123"
    assert found["--c"].startswith("var(")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("body { --paper: #fff }", 1),
        (":root { --paper: #fff;\n color: red }", 2),
        ("/* a\n b */\n@import url(x.css);", 3),
        ("@media (max-width: 30em) { :root { --paper: #fff } }", 1),
        (":root { --paper: #fff;\n", 2),
        (":root { --paper: #fff } }", 1),
    ],
)
def test_what_is_no_token_is_named_with_its_line(text: str, line: int) -> None:
    assert [number for number, _ in read_sheet(text).strange] == [line]


def test_ratios_are_those_that_wcag_gives() -> None:
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    grey = colour("#767676")
    assert grey is not None
    assert ratio(grey, (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@given(colours, colours)
def test_a_ratio_does_not_ask_which_is_in_front(one: Colour, other: Colour) -> None:
    assert ratio(one, other) == ratio(other, one)
    assert 1 <= ratio(one, other) <= 21


@given(colours)
def test_a_colour_is_the_same_however_it_is_written(one: Colour) -> None:
    assert colour("#{:02x}{:02x}{:02x}".format(*one)) == one
    assert colour("rgb({}, {}, {})".format(*one)) == one


@pytest.mark.parametrize("words", ["", "red", "#12", "#12345678", "rgba(0, 0, 0, .5)"])
def test_what_cannot_be_measured_is_no_colour(words: str) -> None:
    assert colour(words) is None


def test_pairs_name_tokens_that_there_are() -> None:
    tokens = read_sheet(OWN.read_text("utf-8")).tokens
    assert {f"--{name}" for pair in PAIRS for name in pair[:2]} <= tokens
