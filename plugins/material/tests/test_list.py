"""The list of materials: what the leader can put there, and how it is sent."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from portal_material.texts import html_of

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 5000
PDF = b"%PDF-1.7\n%%EOF"
PAGE = {
    "title": "课标解读",
    "text": "# 一看目标\n先看学生学到了什么。\n- 评价在前\n见 https://example.org/a?b=1&c。",
    "minutes": "20",
    "required_minutes": "10",
    "required": "y",
}


def add(course: Any, kind: str, **fields: Any) -> Any:
    """Send the form of a new material as the leader."""
    return course.browser("leader").post(course.url(f"/new/{kind}"), data=fields)


def test_a_page_is_written_and_read(course: Any) -> None:
    assert add(course, "page", **PAGE).status_code == 303

    page = course.browser().get(course.url("/1")).text

    assert "<h2>一看目标</h2>" in page
    assert "<li>评价在前</li>" in page
    assert 'href="https://example.org/a?b=1&amp;c"' in page
    assert "至少学 10 分钟" in page


def test_a_material_leads_to_those_beside_it_by_their_whole_titles(course: Any) -> None:
    titles = ["课标解读", "板书：一课的脉络怎样留在黑板上", "课例"]
    for title in titles:
        course.add(title)

    page = course.browser().get(course.url("/2")).text

    assert f'href="{course.url("/1")}"' in page
    assert "上一份：课标解读" in page
    assert "下一份：课例" in page
    assert f"下一份：{titles[1]}" in course.browser().get(course.url("/1")).text


def test_a_file_is_sent_to_who_takes_part_and_to_nobody_else(
    course: Any, session: Any
) -> None:
    fields = {"title": "量规", "minutes": "0", "required_minutes": "0"}
    upload = (BytesIO(PDF), "量规.pdf")
    assert add(course, "file", upload=upload, **fields).status_code == 303

    answer = course.browser().get(course.url("/1/file"))
    stranger = course.stranger().get(course.url("/1/file"))

    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert stranger.status_code in (403, 404)


def test_a_video_is_played_in_parts(course: Any) -> None:
    fields = {"title": "课例", "minutes": "40", "required_minutes": "0"}
    add(course, "video", upload=(BytesIO(MP4), "课例.mp4"), **fields)
    browser = course.browser()

    part = browser.get(course.url("/1/file"), headers={"Range": "bytes=100-199"})

    assert "<video" in browser.get(course.url("/1")).text
    assert (part.status_code, part.data) == (206, MP4[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(MP4)}"
    assert part.headers["Content-Disposition"].startswith("inline;")


def test_nothing_of_another_site_is_embedded(course: Any) -> None:
    fields = {"title": "国家平台", "url": "https://example.org/v", "required": "y"}
    add(course, "video", minutes="0", required_minutes="0", **fields)

    page = course.browser().get(course.url("/1")).text

    assert 'href="https://example.org/v"' in page
    assert "<video" not in page
    assert "<iframe" not in page


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("page", {"text": " "}, "还没有写正文"),
        ("page", {"title": " "}, "请写标题"),
        ("page", {"required_minutes": "21"}, "不能超过"),
        ("page", {"minutes": "-1"}, "minutes"),
        ("file", {}, "请选择文件"),
        ("file", {"upload": (b"<html>", "课件.html")}, "不接收“课件.html”"),
        ("link", {"url": "javascript:alert(1)"}, "http://"),
        ("link", {"url": "https://a b"}, "http://"),
        ("link", {}, "请写网址"),
        ("video", {}, "二者选一"),
        ("video", {"url": "https://example.org"}, "请填 0"),
        ("video", {"upload": (b"abc", "课例.mp4")}, "不是浏览器能播放的视频"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_added(
    course: Any, kind: str, fields: dict[str, Any], said: str
) -> None:
    if "upload" in fields:
        data, name = fields["upload"]
        fields = {**fields, "upload": (BytesIO(data), name)}

    answer = add(course, kind, **{**PAGE, **fields})

    assert answer.status_code == 422
    assert said in answer.text
    assert "20" in answer.text
    assert course.numbers() == []


def test_a_change_keeps_the_file_and_an_older_window_changes_nothing(
    course: Any,
) -> None:
    fields = {"title": "量规", "minutes": "0", "required_minutes": "0"}
    add(course, "file", upload=(BytesIO(PDF), "量规.pdf"), **fields)
    browser, edit = course.browser("leader"), course.url("/1/edit")

    first = browser.post(edit, data={**fields, "title": "新量规", "version": "1"})
    older = browser.post(edit, data={**fields, "title": "旧窗口", "version": "1"})

    assert (first.status_code, older.status_code) == (303, 409)
    assert "别人刚刚改过" in older.text
    page = course.browser().get(course.url("/1")).text
    assert "新量规" in page
    assert "量规.pdf" in page


def test_materials_are_moved_and_taken_off_and_numbers_stay(course: Any) -> None:
    for title in ("一", "二", "三"):
        course.add(title)
    browser = course.browser("leader")

    browser.post(course.url("/3/move"), data={"to": "up"})
    browser.post(course.url("/1/move"), data={"to": "up"})
    assert course.numbers() == [1, 3, 2]

    assert "已经计入的时间" in browser.get(course.url("/3/remove")).text
    browser.post(course.url("/3/remove"))
    assert course.numbers() == [1, 2]
    assert course.browser().get(course.url("/3")).status_code == 404
    assert course.add("四") == 4


def test_what_was_learned_with_a_material_outlives_it(course: Any) -> None:
    course.add()
    course.open().stay(minutes=3)
    course.browser("leader").post(course.url("/1/remove"))
    course.clock.move(minutes=3)

    course.settle()

    assert course.minutes() == {"material:1:2024-09-02": "3"}


@pytest.mark.parametrize("who", ["learner", "group leader"])
def test_only_who_leads_keeps_the_list(course: Any, who: str) -> None:
    course.add()
    browser = course.browser(who)

    for path in ("/new/page", "/1/edit", "/1/remove"):
        assert browser.get(course.url(path)).status_code == 403
        assert browser.post(course.url(path)).status_code == 403
    assert browser.post(course.url("/1/move")).status_code == 403
    assert course.numbers() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "# <img src=x onerror=alert(1)>",
        '- https://a.example/"onmouseover="alert(1)',
        "https://a.example/<svg/onload=alert(1)>",
        "javascript:alert(1)",
    ],
)
def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    html = str(html_of(text))

    for sign in ("<script", "<img", "<svg", " onmouseover=", 'href="javascript'):
        assert sign not in html


def test_no_text_is_no_html() -> None:
    assert html_of(" \n\n") == ""


def test_the_package_brings_no_script_and_no_style_of_its_own() -> None:
    folder = Path(__file__).parents[1]
    kinds = {file.suffix for file in folder.glob("portal_material/templates/**/*.*")}

    assert kinds == {".html"}
