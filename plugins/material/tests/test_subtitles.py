"""Subtitles of a video: read from what editors write, shown with the player."""

from io import BytesIO
from typing import Any

import pytest
from portal_material.subtitles import LARGEST, webvtt

from portal.api import Invalid

pytestmark = pytest.mark.one_database

SRT = """1\r
00:00:01,500 --> 00:00:04,000\r
同学们好，\r
今天学分数。\r
\r
2\r
00:00:05,000 --> 00:00:07,250 X1:40\r
<i>谁来说说？</i>\r
"""
VTT = """WEBVTT

00:00:01.500 --> 00:00:04.000
同学们好，
今天学分数。

00:00:05.000 --> 00:00:07.250
<i>谁来说说？</i>
"""
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 500


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (SRT.encode(), VTT),
        (SRT.encode("utf-8-sig"), VTT),
        (SRT.encode("gb18030"), VTT),
        (VTT.encode(), VTT),
        (
            b"WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE x\n\n"
            b"00:01.000 --> 1:00:02.000 line:0\nhello",
            "WEBVTT\n\n00:00:01.000 --> 01:00:02.000\nhello\n",
        ),
    ],
)
def test_times_and_words_are_taken_over(data: bytes, told: str) -> None:
    assert webvtt(data) == told


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WEBVTT\n\n",
        "只有字，没有时间。".encode(),
        b"00:00:01,000 --> 00:00:02,000\n\n",
        b"\xff\xfe\x00\x31",
        SRT.encode() + b" " * LARGEST,
    ],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        webvtt(data)

    assert refused.value.code == "subtitles_unreadable"


def save(course: Any, path: str, **form: Any) -> Any:
    """Send the form of a video."""
    data = {"title": "课例", "minutes": "40", "required_minutes": "0", **form}
    return course.browser("leader").post(
        course.url(path), data=data, content_type="multipart/form-data"
    )


def test_a_leader_gives_subtitles_changes_and_removes_them(course: Any) -> None:
    def srt() -> tuple[BytesIO, str]:
        return BytesIO(SRT.encode()), "课例.srt"

    film = (BytesIO(MP4), "课例.mp4")
    assert save(course, "/new/video", upload=film, subtitles=srt()).status_code == 303
    address, browser = course.url("/1/subtitles"), course.browser()

    answer = browser.get(address)
    assert (answer.mimetype, answer.text) == ("text/vtt", VTT)
    assert f'<track kind="subtitles" srclang="zh" label="字幕" src="{address}"' in (
        browser.get(course.url("/1")).text
    )
    assert course.stranger().get(address).status_code == 403

    wrong = save(course, "/1/edit", version="1", subtitles=(BytesIO(b"x"), "x.srt"))
    assert wrong.status_code == 422
    assert "字幕读不出来" in wrong.text
    assert "去掉现在的字幕" in wrong.text
    assert save(course, "/1/edit", version="1").status_code == 303
    assert browser.get(address).status_code == 200
    assert save(course, "/1/edit", version="2", no_subtitles="y").status_code == 303
    assert browser.get(address).status_code == 404
    assert "<track" not in browser.get(course.url("/1")).text
