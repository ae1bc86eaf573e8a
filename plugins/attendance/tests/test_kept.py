"""What an event leaves behind: photos, notes, the lecturer's result."""

from io import BytesIO
from typing import Any

import pytest
from portal_attendance.keeping_models import Outcome, Photo
from sqlalchemy import select

from plugins.attendance.tests.giving import NOTES, give, many, picture, write
from portal.submissions.models import Submission


def test_a_photo_is_kept_without_its_secrets_shown_and_counted(morning: Any) -> None:
    answer = give(morning, "learner", 1, 2, caption="分组磨课")

    assert answer.status_code == 303, answer.text
    assert morning.measures()["photos"] == {"photos": 2}
    row = morning.session.scalars(select(Photo).order_by(Photo.id)).first()
    sent = morning.browser("other").get(morning.url(f"/photos/{row.id}"))
    assert sent.mimetype == "image/jpeg"
    assert b"secret place" not in sent.data
    assert "分组磨课" in morning.browser("other").get(morning.url("/photos")).text


def test_the_same_photo_twice_is_one(morning: Any) -> None:
    give(morning)
    give(morning)

    assert many(morning, Photo) == 1
    assert morning.measures()["photos"] == {"photos": 1}


def test_a_photo_taken_down_is_not_counted_and_does_not_come_back(
    morning: Any,
) -> None:
    give(morning)
    row = morning.session.scalars(select(Photo)).one()
    page = morning.url(f"/photos/{row.id}")

    morning.browser("leader").post(f"{page}/take-down", data={"reason": ""})
    assert "photos" in morning.measures()
    assert morning.browser("other").post(f"{page}/take-down").status_code == 403
    morning.browser("leader").post(f"{page}/take-down", data={"reason": "拍到了学生"})

    assert "photos" not in morning.measures()
    assert morning.browser().get(page).status_code == 404
    answer = give(morning)
    assert answer.status_code == 422
    assert "已经被坊主撤下" in answer.text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("病毒.jpg", b"<script>alert(1)</script>", ""),
        ("讲稿.pdf", b"%PDF-1.4 \n%%EOF", "不是图片"),
        ("", b"", "请选择照片"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(
    morning: Any, name: str, content: bytes, words: str
) -> None:
    files = [(picture(), "现场.jpg"), (BytesIO(content), name)] if name else []

    answer = morning.browser().post(
        morning.url("/photos"),
        data={"photos": files},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert many(morning, Photo) == 0


def test_a_list_on_paper_is_for_who_leads(morning: Any) -> None:
    assert give(morning, "learner", of_list="yes").status_code == 403
    assert give(morning, "leader", of_list="yes").status_code == 303
    row = morning.session.scalars(select(Photo)).one()

    page = morning.url(f"/photos/{row.id}")
    assert morning.browser("learner").get(page).status_code == 404
    assert morning.browser("leader").get(page).status_code == 200


def test_the_lecturers_result_is_kept_in_versions(morning: Any) -> None:
    leader = morning.browser("leader")
    for text in ("三句话说清单元整体教学。", "三句话说清单元整体教学。", "另附课件。"):
        answer = leader.post(morning.url("/outcome"), data={"text": text})
        assert answer.status_code == 303

    assert many(morning, Outcome) == 2
    assert "另附课件。" in morning.browser().get(morning.url("/photos")).text
    empty = leader.post(morning.url("/outcome"), data={"text": " "})
    assert empty.status_code == 422
    denied = morning.browser().post(morning.url("/outcome"), data={"text": "我来写"})
    assert denied.status_code == 403


# Notes


def test_notes_are_a_fact_and_the_leader_can_return_them(morning: Any) -> None:
    morning.set(notes="owed")

    assert write(morning, text=NOTES).status_code == 303

    assert morning.measures()["notes"]["notes"] == 1
    work = morning.session.scalars(select(Submission)).one()
    page = f"/desk/{work.id}"
    assert morning.browser("leader").get(page).status_code == 200


def test_short_notes_are_refused_unless_a_page_of_the_notebook_is_there(
    morning: Any,
) -> None:
    morning.set(notes="owed", notes_least=200)

    short = write(morning, text="记在本子上了。")
    assert short.status_code == 422
    assert "notes" not in morning.measures()

    pictured = write(morning, text="", counter="1", files=(picture(), "笔记本.jpg"))
    assert pictured.status_code == 303, pictured.text
    assert morning.measures()["notes"] == {"notes": 1, "characters": 0}


def test_without_notes_there_is_nothing_to_write(morning: Any) -> None:
    assert write(morning, text=NOTES).status_code == 404
