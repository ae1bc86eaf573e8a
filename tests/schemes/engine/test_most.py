"""The highest that an item can bring, where its rules fix it."""

from typing import Any

import pytest

from tests.schemes.engine.small import PRICE, group, item, scheme

STAGED = [{"source": "journal", "measure": "entries", "stages": [1, 2, 3]}]


def cap(limit: int, per: str = "all") -> dict[str, Any]:
    return {"do": "cap", "limit": limit, "per": per}


@pytest.mark.parametrize(
    ("document", "most"),
    [
        pytest.param(item(PRICE, cap(5), cap(9)), 5, id="the-lowest-cap"),
        pytest.param(item(PRICE, cap(9), cap(5)), 5, id="in-any-order"),
        pytest.param(item(cap(4), PRICE), 4, id="a-cap-on-amounts"),
        pytest.param(
            item(cap(4), {**PRICE, "per": "stage"}), None, id="priced-by-stage"
        ),
        pytest.param(
            {**item(PRICE, cap(4, "day")), "counts": STAGED}, None, id="a-day-is-many"
        ),
        pytest.param(
            {**item(PRICE, cap(4, "stage")), "counts": STAGED}, 12, id="three-stages"
        ),
        pytest.param(item(PRICE, cap(4, "stage")), None, id="stages-unknown"),
        pytest.param(
            group(
                item(PRICE, cap(5), name="one"),
                item(PRICE, cap(9), name="two", aside=True),
            ),
            5,
            id="what-stands-aside-is-no-part",
        ),
    ],
)
def test_the_most_of_an_item_follows_from_its_rules(
    document: Any, most: int | None
) -> None:
    assert scheme(document).items[0].most == most
