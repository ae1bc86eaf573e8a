"""The way of a scheme through its pages: begun, confirmed, published, frozen."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.schemes import versions
from portal.schemes.documents.scheme import load_template
from portal.schemes.models import Scheme, SchemeState, SchemeVersion
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop
from tests.schemes.conftest import SCHEME, Desk, main_of, newest, told, typed

pytestmark = pytest.mark.one_database

DeskOf = Callable[..., Desk]


@pytest.fixture
def desk(desk_of: DeskOf, county_officer: User) -> Desk:
    return desk_of(county_officer)


def upload(client: FlaskClient, text: str, address: str = "/schemes/import") -> Any:
    file = (BytesIO(text.encode()), "scheme.json")
    return client.post(address, data={"file": file, "text": ""})


# Beginning


def test_a_template_says_its_source_and_what_that_hid_and_becomes_a_draft(
    session: Session, county_officer: User, as_user: AsUser
) -> None:
    client = as_user(county_officer)
    listed = told(client.get("/schemes/templates"))
    assert "幼儿园教师工作坊考核方案（永吉，2015）" in listed
    assert "2015-12-21" in listed
    shown = told(client.get("/schemes/templates/yongji_2015"))
    assert "未见原文 合格线：多少分合格" in shown
    assert "各项最高分合计 100 分。" in shown
    assert "没有写多少分合格。" in shown
    assert "评优名额未定，只排名次。" in shown
    assert "制度（m.qiqiwenku.com/doc/550206.html），2015-12-21" in shown
    client.post("/schemes/templates/yongji_2015")
    version = newest(session)
    assert (version.state, version.template) == ("draft", "yongji_2015")
    assert version.document == load_template("yongji_2015")
    assert client.post("/schemes/templates/../secrets").status_code == 404


def test_a_leader_writes_for_the_own_workshop_only(
    session: Session, workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    client = as_user(workshop_leader)
    place = f"?workshop={workshop.id}"
    client.post(f"/schemes/templates/weekly_journal{place}")
    version = newest(session)
    assert version.scheme.workshop_id == workshop.id
    own = client.get(f"/workshops/{workshop.id}/schemes")
    assert "接着改" in told(own)
    assert "考核谁" not in told(client.get(f"/schemes/{version.id}/edit"))
    assert "坊主考核方案" not in told(client.get(f"/schemes/templates{place}"))
    assert client.post("/schemes/templates/weekly_journal").status_code == 403
    assert client.get("/schemes/import").status_code == 403


def test_a_workshops_schemes_begin_with_the_one_in_use(
    desk: Desk, workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    client, address = as_user(workshop_leader), f"/workshops/{workshop.id}/schemes"
    assert "版计分" not in told(client.get(address))
    versions.publish(desk.session, desk.version, by=None)
    workshop.scheme_version_id = desk.version.id
    desk.session.commit()
    page = client.get(address)
    title = desk.version.scheme.title
    assert f"按《{title}》第 1 版计分" in told(page)
    assert f'href="{desk.address}"' in page.text


def test_a_leader_begins_with_a_copy_of_the_countys_scheme(
    desk: Desk, workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    client, place = as_user(workshop_leader), f"?workshop={workshop.id}"
    assert client.post(f"{desk.address}/copy{place}").status_code == 404
    desk.change("publish")
    listed = client.get(f"/schemes/templates{place}")
    form = main_of(listed).css_first("#present form")
    assert form is not None
    assert form.attributes["action"] == f"{desk.address}/copy{place}"
    client.post(f"{desk.address}/copy{place}")
    copy = newest(desk.session)
    assert (copy.scheme.workshop_id, copy.state) == (workshop.id, "draft")
    assert copy.scheme.title == SCHEME["title"]["zh"] + "（副本）"
    assert {**copy.document, "title": SCHEME["title"]} == SCHEME
    assert client.post(f"{desk.address}/copy").status_code == 403


def test_nobody_changes_the_countys_scheme_without_the_right(
    desk: Desk, workshop: Workshop, workshop_leader: User, as_user: AsUser
) -> None:
    client = as_user(workshop_leader)
    for page in ("edit", "items/minutes", "confirm", "publish", "honours-rule"):
        assert client.get(f"{desk.address}/{page}").status_code == 404
        assert client.post(f"{desk.address}/{page}").status_code == 404


def test_what_is_exported_can_be_imported_again(desk: Desk) -> None:
    answer = desk.client.get(f"{desk.address}/document.json")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.text) == SCHEME
    assert upload(desk.client, answer.text).status_code == 303
    assert newest(desk.session).document == SCHEME


def test_a_wrong_file_is_refused_with_line_and_expectation_and_its_text_is_kept(
    session: Session, county_officer: User, as_user: AsUser
) -> None:
    client = as_user(county_officer)
    wrong = json.loads(json.dumps(SCHEME))
    wrong["items"][0]["steps"][0]["unit"] = 0
    wrong["items"][1]["colour"] = "red"
    text = json.dumps(wrong, ensure_ascii=False, indent=1)
    answer = upload(client, text)
    assert answer.status_code == 422
    page = told(answer)
    line = text[: text.index('"unit": 0')].count("\n") + 1
    assert f"第 {line} 行，items[0].steps[0].unit：应为大于 0 的数。" in page
    assert "items[1].colour：没有这一项，可写的有：" in page
    area = main_of(answer).css_first("textarea")
    assert area is not None
    assert json.loads(area.text()) == wrong
    pasted = client.post("/schemes/import", data={"text": text[:-2]})
    assert pasted.status_code == 422
    assert "不是 JSON" in told(pasted)
    assert session.scalar(select(func.count()).select_from(Scheme)) == 0


def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are(
    county_officer: User, as_user: AsUser
) -> None:
    wrong = {**SCHEME, **{f"k{number}": 0 for number in range(60)}}
    answer = upload(as_user(county_officer), json.dumps(wrong, indent=1))
    assert answer.status_code == 422
    page = told(answer)
    assert "有 60 处要改" in page
    assert "k49：没有这一项" in page
    assert "k50：没有这一项" not in page
    assert "还有 10 处，改好这些再看。" in page


@pytest.mark.parametrize(
    "text", ["null", r'{"\ud800": 1}', '{"format": ' + "1" * 5000 + "}"]
)
def test_a_strange_file_is_refused_and_makes_no_scheme(
    session: Session, county_officer: User, as_user: AsUser, text: str
) -> None:
    assert upload(as_user(county_officer), text).status_code == 422
    assert session.scalar(select(func.count()).select_from(Scheme)) == 0


@pytest.mark.parametrize("place", ["9" * 20, "9" * 5000, "x", "", "-1", "9" * 10])
def test_a_place_that_no_workshop_can_have_is_not_found(
    county_officer: User, as_user: AsUser, place: str
) -> None:
    client = as_user(county_officer)
    for page in ("templates", "templates/weekly_journal", "import"):
        answer = client.get(f"/schemes/{page}?workshop={place}")
        assert answer.status_code == 404
    posted = client.post(f"/schemes/new?workshop={place}", data={"title": "考核"})
    assert posted.status_code == 404


def test_a_file_that_is_no_text_is_refused(
    county_officer: User, as_user: AsUser
) -> None:
    file = (BytesIO(b"\xff\xfe\x00"), "scheme.json")
    answer = as_user(county_officer).post("/schemes/import", data={"file": file})
    assert answer.status_code == 422
    assert "文件不是 UTF-8 编码的文本" in told(answer)


# The frame


def test_the_frame_is_saved_with_bands_and_what_is_shown(desk: Desk) -> None:
    bands = {"bands-0-title": "优秀", "bands-0-at_least": "90", "shows": "levels"}
    answer = desk.change("edit", pass_mark="70", dated="2015", **bands)
    assert answer.status_code == 303
    document = desk.version.document
    assert document["bands"] == [
        {"key": "band_1", "title": {"zh": "优秀", "en": "优秀"}, "at_least": 90}
    ]
    assert (document["shows"], document["dated"]) == ("levels", "2015")
    assert document["pass_mark"] == 70
    assert document["items"] == SCHEME["items"]


def test_an_unreachable_pass_mark_stands_at_its_field(desk: Desk) -> None:
    answer = desk.change("edit", pass_mark="101", title="新名称")
    assert answer.status_code == 422
    assert 'id="pass_mark-error"' in answer.text
    assert "合格线高于可得的最高分 100。" in told(answer)
    kept = typed(answer, "form[data-confirm-leave]")
    assert (kept["pass_mark"], kept["title"]) == ("101", "新名称")
    answer = desk.change("edit", dated="去年")
    assert 'id="dated-error"' in answer.text
    assert desk.version.document == SCHEME


def test_the_honours_rule_is_written_and_taken_back(desk: Desk) -> None:
    rule = {
        "on": "y",
        "amount": "20",
        "how": "share",
        "barred-0-what": "*|rejected",
        "ranking-0-by": "item|journals",
        "ranking-1-by": "journal|entries",
        "ties": "all",
    }
    assert desk.change("honours-rule", **rule).status_code == 303
    assert desk.version.document["honours"] == {
        "share": "0.2",
        "barred": [{"measure": "rejected"}],
        "ranking": [
            {"by": "item", "item": "journals"},
            {"by": "measure", "source": "journal", "measure": "entries"},
        ],
        "ties": "all",
    }
    refused = desk.change("honours-rule", amount="200", from_mark="很多")
    assert refused.status_code == 422
    assert "应为不大于 1 的比例" in told(refused)
    shown = typed(desk.client.get(f"{desk.address}/honours-rule"))
    assert (shown["amount"], shown["ranking-1-by"]) == ("20", "journal|entries")
    address = f"{desk.address}/honours-rule"
    desk.client.post(address, data={k: v for k, v in shown.items() if k != "on"})
    assert "honours" not in desk.version.document


# Confirming and publishing


@pytest.fixture
def template(session: Session, county_officer: User, as_user: AsUser) -> Desk:
    """A draft of the template whose source showed no pass mark."""
    client = as_user(county_officer)
    client.post("/schemes/templates/yongji_2015")
    return Desk(client, session, newest(session).id)


def boxes(page: Any) -> list[str | None]:
    """The clauses that a page of confirming asks for."""
    found = main_of(page).css("input[name=clauses]")
    return [box.attributes["value"] for box in found]


def test_a_template_is_published_only_when_every_clause_was_ticked(
    template: Desk,
) -> None:
    refused = template.change("publish")
    assert refused.status_code == 422
    assert "请先对照本县文件确认，再发布" in told(refused)
    page = template.client.get(f"{template.address}/confirm")
    assert "未见原文：合格线：多少分合格" in told(page)
    assert "评优：评优名额未定，只排名次。" in told(page)
    ticks = boxes(page)
    some = template.change("confirm", clauses=ticks[:-1])
    assert some.status_code == 422
    assert "还有 1 条没有核对。" in told(some)
    assert template.version.confirmed_at is None
    assert template.change("confirm", clauses=ticks).status_code == 303
    assert template.change("publish").status_code == 303
    assert template.version.state == SchemeState.PUBLISHED


def test_a_clause_that_was_filled_in_is_no_longer_unseen(template: Desk) -> None:
    answer = template.change("edit", pass_mark="60", **{"unseen-0-settled": "y"})
    assert answer.status_code == 303
    before = load_template("yongji_2015")["unseen"]
    assert template.version.document["unseen"] == before[1:]
    assert template.version.document["pass_mark"] == 60


def test_what_was_changed_after_it_was_confirmed_is_confirmed_again(
    template: Desk,
) -> None:
    page = template.client.get(f"{template.address}/confirm")
    ticks, seen = boxes(page), typed(page)["seen"]
    template.change("edit", pass_mark="60")
    stale = template.client.post(
        f"{template.address}/confirm", data={"seen": seen, "clauses": ticks}
    )
    assert stale.status_code == 422
    assert "别人刚刚改过这一版" in told(stale)
    template.change("confirm", clauses=ticks)
    assert template.version.confirmed_at is None, "the pass mark was not compared"
    page = template.client.get(f"{template.address}/confirm")
    assert "合格与等级：合格线 60 分" in told(page)
    template.change("confirm", clauses=boxes(page))
    assert template.version.confirmed_at is not None
    template.change("edit", pass_mark="65")
    assert template.version.confirmed_at is None


def test_published_it_is_frozen_whatever_is_posted(desk: Desk) -> None:
    seen = typed(desk.client.get(f"{desk.address}/edit"), "form[data-confirm-leave]")
    item = typed(desk.client.get(f"{desk.address}/items/minutes"))
    assert desk.change("publish").status_code == 303
    frozen = "这一版已经发布，不能再改；请另起新的一版。"
    for page, data in (
        ("edit", {**seen, "title": "改名"}),
        ("items/minutes", {**item, "title": "改名"}),
        ("items/minutes/move", {"seen": seen["seen"], "step": "down"}),
        ("items/minutes/remove", {"seen": seen["seen"]}),
        ("items", {"seen": seen["seen"]}),
        ("honours-rule", {"seen": seen["seen"], "on": "y", "amount": "5"}),
        ("confirm", {"seen": seen["seen"]}),
        ("publish", {"seen": seen["seen"]}),
        ("discard", {"seen": seen["seen"]}),
    ):
        answer = desk.client.post(f"{desk.address}/{page}", data=data)
        assert answer.headers["Location"] == desk.address
        assert frozen in told(desk.client.get(desk.address))
    assert desk.version.document == SCHEME
    assert desk.version.state == SchemeState.PUBLISHED


def test_published_twice_at_once_is_published_once(desk: Desk) -> None:
    """V20: the second press finds it done, and nothing else is put in its place."""
    data = {"seen": typed(desk.client.get(f"{desk.address}/publish"))["seen"]}
    first = desk.client.post(f"{desk.address}/publish", data=data)
    at = desk.version.published_at
    second = desk.client.post(f"{desk.address}/publish", data=data)
    assert first.status_code == second.status_code == 303
    assert desk.version.published_at == at


def test_a_new_version_begins_as_the_old_one_and_there_is_one_draft(
    desk: Desk,
) -> None:
    desk.change("publish")
    assert desk.change("revise", note="合格线按新文件").status_code == 303
    draft = newest(desk.session)
    assert (draft.number, draft.note) == (2, "合格线按新文件")
    assert draft.document == SCHEME
    again = desk.client.post(f"{desk.address}/revise", data={"note": "又一次"})
    assert again.headers["Location"] == f"/schemes/{draft.id}/edit"
    found = select(func.count()).select_from(SchemeVersion)
    assert desk.session.scalar(found) == 2


def test_a_draft_is_discarded_and_its_scheme_with_it(desk: Desk) -> None:
    assert desk.change("discard").status_code == 303
    desk.session.expire_all()
    assert desk.session.get(SchemeVersion, desk.version_id) is None
    assert desk.session.scalar(select(func.count()).select_from(Scheme)) == 0


def test_records_of_an_own_kind_are_called_as_the_item_that_counts_them(
    desk_of: DeskOf, county_officer: User
) -> None:
    sheet = {
        "id": "sheet",
        "title": {"zh": "签到学时", "en": "Hours"},
        "counts": [{"source": "records:offline", "measure": "class_hours"}],
        "steps": [{"do": "price", "unit": 1, "points": 1}],
    }
    found = desk_of(county_officer, {**SCHEME, "items": [*SCHEME["items"], sheet]})
    page = told(found.client.get(found.address))
    assert "计入“签到学时”。" in page
    assert "offline" not in page


def test_teachers_read_the_authors_sentence_and_unfold_the_exact_rules(
    desk_of: DeskOf, county_officer: User, learner: User, as_user: AsUser
) -> None:
    first, *others = SCHEME["items"]
    noted = {**first, "note": {"zh": "学满才有分。", "en": "All or nothing."}}
    found = desk_of(county_officer, {**SCHEME, "items": [noted, *others]})
    versions.publish(found.session, found.version, by=None)
    found.session.commit()
    page = as_user(learner).get(found.address)
    assert page.text.count('<details class="why">') == 1
    read = told(page)
    assert read.index("学满才有分。") < read.index("细则") < read.index("每满40分钟")
    written = found.client.get(found.address)
    assert '<details class="why">' not in written.text
    assert "细则" not in told(written)


def test_teachers_see_no_draft_and_no_buttons(
    desk: Desk, learner: User, as_user: AsUser
) -> None:
    client = as_user(learner)
    assert client.get(desk.address).status_code == 404
    versions.publish(desk.session, desk.version, by=None)
    desk.session.commit()
    page = told(client.get(desk.address))
    assert "每满40分钟计1分" in page
    assert "另起新版" not in page
