"""Names that look alike are one name (V30)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.users.names import (
    mask_email,
    mask_mobile,
    normalise_mobile,
    normalise_name,
)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "ADMIN",
        "\uff41\uff44\uff4d\uff49\uff4e",
        "admin\u200b",
        "\u2060ad\u00admin",
        " ad min ",
        "\u0430dmin",
        "\u0410\u0501m\u0456n",
        "\u0391DMIN",
        "\u03b1dm\u0131n",
        "a\u0301dmin",
        "\U0001d41admin"[:1] + "dmin",
        "ad\u3164min",
        "ad\u202emin",
    ],
)
def test_whatever_looks_like_admin_is_admin(name: str) -> None:
    assert normalise_name(name) == "admin"


@pytest.mark.parametrize(
    "name", ["陈晓燕", "t00012", "li.na@example.com", "wang_lei-2"]
)
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert normalise_name(name) == name


def test_different_people_stay_different() -> None:
    names = ["chen1", "chenl", "chen10", "chenlo", "陈燕", "陈艳"]
    assert len({normalise_name(name) for name in names}) == len(names)


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=20))
def test_case_never_tells_two_names_apart(text: str) -> None:
    assert normalise_name(text.upper()) == normalise_name(text.lower())


@pytest.mark.parametrize(
    "typed",
    [
        "13800000012",
        "138 0000 0012",
        "+86 138-0000-0012",
        "0086 13800000012",
        "\uff11\uff13\uff18\uff10\uff10\uff10\uff10\uff10\uff10\uff11\uff12",
    ],
)
def test_a_mobile_number_is_eleven_digits(typed: str) -> None:
    assert normalise_mobile(typed) == "13800000012"


def test_pages_show_masked_mobiles_and_addresses() -> None:
    assert mask_mobile("13800000012") == "138****0012"
    assert mask_mobile(None) is None
    assert mask_mobile("123") == "***"
    assert mask_email("chenxy@example.com") == "c***@example.com"
    assert mask_email("nonsense") == "***"
    assert mask_email(None) is None
