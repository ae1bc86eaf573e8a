"""The page of one item: sentences with numbers, saved as a document."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from portal.schemes.documents.outline import find, walk
from portal.schemes.documents.reading import MOST_MEMBERS
from portal.schemes.documents.scheme import load_template, read_scheme, template_names
from portal.schemes.forms.frame import typed_frame, written_frame
from portal.schemes.forms.honours import typed_honours, written_honours
from portal.schemes.forms.item_typed import (
    typed_item,
    with_blanks,
    without_blanks,
)
from portal.schemes.forms.item_written import written_item
from portal.users.models import User
from tests.schemes.conftest import SCHEME, Desk, main_of, told, typed

pytestmark = pytest.mark.one_database

DeskOf = Callable[..., Desk]


@pytest.fixture
def desk(desk_of: DeskOf, county_officer: User) -> Desk:
    return desk_of(county_officer)


def test_a_price_is_a_sentence_whose_numbers_are_saved(desk: Desk) -> None:
    answer = desk.change(
        "items/minutes", **{"steps-0-unit": "２０", "steps-1-limit": "12.5"}
    )
    assert answer.status_code == 303
    steps = desk.item("minutes")["steps"]
    assert steps[0] == {**SCHEME["items"][0]["steps"][0], "unit": 20}
    assert steps[1]["limit"] == "12.5"
    read_scheme(desk.version.document)


def test_saving_what_is_shown_changes_nothing(desk: Desk) -> None:
    before = deepcopy(desk.version.document)
    for page in ("items/minutes", "items/journals", "edit"):
        assert desk.change(page).status_code == 303
    assert read_scheme(desk.version.document) == read_scheme(before)


def test_a_wrong_number_stands_at_its_field_and_nothing_is_lost(desk: Desk) -> None:
    answer = desk.change(
        "items/minutes",
        **{"steps-0-unit": "四十", "title": "线上学习", "counts-0-stages": "甲"},
    )
    assert answer.status_code == 422
    page = told(answer)
    assert "第 1 步“多少”：应为数。" in page
    assert "请写阶段的序号，如 2、3 或 2-6。" in page
    kept = typed(answer)
    assert (kept["steps-0-unit"], kept["title"]) == ("四十", "线上学习")
    assert 'id="steps-0-unit-error"' in answer.text
    assert desk.item("minutes") == SCHEME["items"][0]


def test_a_rule_of_the_whole_scheme_is_said_above_the_form(desk: Desk) -> None:
    """Without the journals' seventy nobody could reach the pass mark."""
    answer = desk.change("items/journals", **{"steps-2-limit": "10"})
    assert answer.status_code == 422
    assert "合格线：合格线高于可得的最高分 40。" in told(answer)


def test_steps_are_added_moved_and_taken_out_before_anything_is_saved(
    desk: Desk,
) -> None:
    address = f"{desk.address}/items/minutes"
    sent = {**typed(desk.client.get(address)), "do": "add-step", "add": "cliff"}
    added = typed(desk.client.post(address, data=sent))
    assert added["steps-2-do"] == "cliff"
    assert desk.item("minutes") == SCHEME["items"][0]
    added["steps-2-at_least"] = "80"
    for deed in ("up-step-2", "up-step-1", "drop-step-2"):
        added = typed(desk.client.post(address, data={**added, "do": deed}))
    assert desk.client.post(address, data={**added, "do": "save"}).status_code == 303
    assert [step["do"] for step in desk.item("minutes")["steps"]] == ["cliff", "price"]
    assert desk.item("minutes")["steps"][0] == {"do": "cliff", "at_least": 80}


def test_rungs_are_typed_in_days_and_an_emptied_row_is_gone(desk: Desk) -> None:
    answer = desk.change(
        "items/journals",
        **{"steps-0-rungs-1-amount": "3", "steps-0-rungs-1-factor": "0.8"},
    )
    assert answer.status_code == 303
    assert desk.item("journals")["steps"][0]["rungs"][1] == {
        "up_to_minutes": 4320,
        "factor": "0.8",
    }
    cleared = {"steps-0-rungs-1-amount": "", "steps-0-rungs-1-factor": ""}
    assert desk.change("items/journals", **cleared).status_code == 303
    assert len(desk.item("journals")["steps"][0]["rungs"]) == 1


def test_a_preview_shows_before_and_after_and_saves_nothing(desk: Desk) -> None:
    answer = desk.change("items/journals", **{"steps-1-points": "10", "do": "preview"})
    assert answer.status_code == 200
    assert "还没有保存" in told(answer)
    assert "样例乙：做了一半 改前 54.0 → 改后 84.0 分 合格 原来 不合格" in told(answer)
    assert typed(answer)["steps-1-points"] == "10"
    assert desk.item("journals") == SCHEME["items"][1]


def test_a_second_author_is_told_and_overwrites_nothing(desk: Desk) -> None:
    address = f"{desk.address}/items/journals"
    mine = typed(desk.client.get(address))
    assert desk.change("items/journals", title="教学反思").status_code == 303
    answer = desk.client.post(address, data={**mine, "title": "日记", "do": "save"})
    assert answer.status_code == 422
    assert "别人刚刚改过这一版" in told(answer)
    assert typed(answer)["title"] == "日记"
    assert desk.item("journals")["title"]["zh"] == "教学反思"


def test_fields_that_are_not_in_the_form_change_nothing(desk: Desk) -> None:
    """V17: whoever posts the columns of the tables, and keys of the document."""
    before = deepcopy(desk.version.document)
    extra = {
        "id": "9",
        "scheme_id": "9",
        "number": "9",
        "state": "published",
        "digest": "0" * 64,
        "published_at": "2024-09-02",
        "published_by_id": "1",
        "confirmed_at": "2024-09-02",
        "template": "",
        "workshop_id": "1",
        "tenant_id": "2",
        "document": "{}",
        "format": "2",
        "steps-0-source": "journal",
        "steps-7-do": "format",
        "steps-7-was": "0",
        "counts-0-was": "-1",
    }
    for page in ("items/minutes", "edit"):
        assert desk.change(page, **extra).status_code == 303
    version = desk.version
    assert (version.state, version.number, version.digest) == ("draft", 1, "")
    assert version.published_at is None
    assert version.scheme.workshop_id is None
    kept = [step["do"] for step in version.document["items"][0]["steps"]]
    assert kept == ["price", "cap"]
    assert version.document["format"] == before["format"]


def test_items_are_added_moved_grouped_and_removed(desk: Desk) -> None:
    seen = typed(desk.client.get(f"{desk.address}/edit"))["seen"]
    answer = desk.client.post(f"{desk.address}/items", data={"seen": seen})
    assert answer.headers["Location"].endswith("/items/item_1")
    assert desk.change("items/item_1", title="坊主评价", inside="+").status_code == 303
    group = desk.version.document["items"][2]
    assert [part["title"]["zh"] for part in group["items"]] == ["坊主评价"]
    seen = typed(desk.client.get(f"{desk.address}/edit"))["seen"]
    moved = {"seen": seen, "step": "up"}
    desk.client.post(f"{desk.address}/items/{group['id']}/move", data=moved)
    order = [item["id"] for item in desk.version.document["items"]]
    assert order == ["minutes", group["id"], "journals"]
    assert desk.change(f"items/{group['id']}/remove").status_code == 303
    assert desk.version.document["items"] == SCHEME["items"]


def test_an_item_may_leave_its_group_and_the_empty_group_goes(desk: Desk) -> None:
    desk.change("items/journals", inside="+")
    group = desk.version.document["items"][1]["id"]
    desk.change("items/minutes", inside=group)
    parts = desk.version.document["items"][0]["items"]
    assert [part["id"] for part in parts] == ["journals", "minutes"]
    desk.change("items/minutes", inside="")
    desk.change("items/journals", inside="")
    ids = [item["id"] for item in desk.version.document["items"]]
    assert ids == ["minutes", "journals"]


def test_an_item_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.client.get(f"{desk.address}/items/nothing").status_code == 404


@pytest.mark.parametrize("name", template_names())
def test_what_a_template_says_comes_back_from_the_forms(name: str) -> None:
    document = load_template(name)
    for found in walk(document):
        rows = {"title": "", "times": "", "stages": "", "least": "", "least_of": ""}
        step_rows = dict.fromkeys(
            ("unit", "points", "count", "per", "start", "base", "target", "minus",
             "floor", "limit", "keep", "others", "at_least", "what"),
            "",
        )  # fmt: skip
        data = typed_item(found.item)
        data["counts"] = [{**rows, **row} for row in data["counts"]]
        data["steps"] = [
            {**step_rows, "rungs": [], "limits": [], **row} for row in data["steps"]
        ]
        data["unseen"] = [{**row, "settled": False} for row in data["unseen"]]
        shown = without_blanks({**data, **_same(with_blanks(data))})
        found.among[found.at] = written_item(shown, found.item)
    frame = typed_frame(document)
    frame["unseen"] = [{**row, "settled": False} for row in frame["unseen"]]
    document = written_honours(typed_honours(document), written_frame(frame, document))
    assert read_scheme(document) == read_scheme(load_template(name))


def _same(data: dict[str, object]) -> dict[str, object]:
    """Without the blank steps, whose rows have no fields here."""
    return {key: data[key] for key in ("title",)}


LIGHT = 100_000
"""Bytes of a page that a telephone in the country still opens at once."""


def test_an_item_that_counts_many_things_has_a_light_page_and_still_offers_all(
    desk_of: DeskOf, county_officer: User
) -> None:
    desk = desk_of(county_officer, load_template("yongji_2015"))
    counts = find(desk.version.document, "community").item["counts"]
    answer = desk.client.get(f"{desk.address}/items/community")
    assert len(answer.data) < LIGHT

    def offered(row: int) -> set[str]:
        options = main_of(answer).css(f"[name=counts-{row}-what] option")
        return {str(each.attributes["value"]) for each in options} - {""}

    first = counts[0]["source"]
    assert {value.partition("|")[0] for value in offered(0)} == {first}
    assert offered(0) < offered(len(counts))
    new = f"counts-{len(counts)}-what"
    added = {"counts-0-what": "", new: "journal|entries"}
    assert desk.change("items/community", **added).status_code == 303
    kept = [(each["source"], each["measure"]) for each in counts[1:]]
    now = find(desk.version.document, "community").item["counts"]
    found = [(each["source"], each["measure"]) for each in now]
    assert found == [*kept, ("journal", "entries")]


def test_the_longest_list_that_is_read_can_be_shown_and_saved(
    desk_of: DeskOf, county_officer: User
) -> None:
    document = deepcopy(SCHEME)
    stages = range(1, MOST_MEMBERS + 1)
    document["items"][1]["counts"] = [
        {"source": "journal", "measure": "entries", "stages": [n]} for n in stages
    ]
    limits = {"do": "cap", "per": "stage", "limits": {str(n): 1 for n in stages}}
    document["items"][1]["steps"][-1] = limits
    desk = desk_of(county_officer, document)
    assert desk.change("items/journals", title="日志").status_code == 303
    assert len(desk.item("journals")["counts"]) == MOST_MEMBERS
    assert desk.item("journals")["steps"][-1] == limits
    one_more = {f"counts-{MOST_MEMBERS}-what": "journal|entries"}
    refused = desk.change("items/journals", **one_more)
    assert refused.status_code == 422
    assert "列表最多 99 项。" in told(refused)
