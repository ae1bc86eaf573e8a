"""What an event leaves behind: photos, notes, the lecturer's result; and closing it."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from portal_attendance.keeping_models import Outcome, Photo
from portal_attendance.models import Event
from sqlalchemy import func, select

from portal.submissions.models import Submission

NOTES = "专家把一节课拆成三个问题：学生已经会什么，卡在哪里，怎样看得见进步。" * 10


def picture(shade: int = 0) -> BytesIO:
    """A small photo with the place it was taken in."""
    image = Image.new("RGB", (40, 30), (50 * shade, 90, 120))
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return stream


def give(morning: Any, who: str = "learner", *shades: int, **more: Any) -> Any:
    """Upload photos."""
    files = [(picture(shade), f"现场{shade}.jpg") for shade in shades or (0,)]
    return morning.browser(who).post(
        morning.url("/photos"),
        data={"photos": files, **more},
        content_type="multipart/form-data",
    )


def many(morning: Any, model: Any) -> int:
    """How many rows there are."""
    morning.session.expire_all()
    found: int = morning.session.scalar(select(func.count()).select_from(model))
    return found


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


def write(morning: Any, who: str = "learner", **data: Any) -> Any:
    """Hand notes in on the portal's own page."""
    return morning.browser(who).post(
        f"/activities/{morning.id}/write/notes",
        data={"counter": "0", **data},
        content_type="multipart/form-data",
    )


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


# Closing


def close(morning: Any) -> Any:
    """Press the button."""
    return morning.browser("leader").post(morning.url("/closing"))


def is_closed(morning: Any) -> bool:
    """Whether it did."""
    morning.session.expire_all()
    event = morning.session.scalars(select(Event)).one_or_none()
    return event is not None and event.closed_at is not None


@pytest.mark.parametrize("part", ["theme", "lecturer", "place"])
def test_without_one_of_the_five_it_is_not_closed_and_says_where_to_mend_it(
    morning: Any, part: str
) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    morning.set(**{part: ""})

    close(morning)

    assert not is_closed(morning)
    page = morning.browser("leader").get(morning.url("/closing")).text
    assert f"/sessions/{meeting.id}/edit" in page
    assert "还有 1 项没有补齐" in page


def test_an_event_without_a_session_lacks_time_and_list(morning: Any) -> None:
    close(morning)

    assert not is_closed(morning)
    page = morning.browser("leader").get(morning.url("/closing")).text
    assert "还有 2 项没有补齐" in page


def test_whatever_the_settings_require_must_be_there(morning: Any) -> None:
    morning.set(photos_least=2, list_photo=True, outcome=True, notes="owed")
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    leader = morning.browser("leader")

    page = leader.get(morning.url("/closing")).text
    assert "还有 4 项没有补齐" in page
    assert "陈晓燕、赵敏" in page or "赵敏、陈晓燕" in page
    give(morning, "learner", 1, 2)
    give(morning, "leader", 3, of_list="yes")
    leader.post(morning.url("/outcome"), data={"text": "结论见附件。"})
    close(morning)
    assert not is_closed(morning)
    write(morning, text=NOTES)
    write(
        morning, "other", text="我记的是另一半：先听学生说，再看学生做，最后才讲。" * 12
    )
    close(morning)

    assert is_closed(morning)


def test_closed_the_list_stays_but_for_an_approved_correction(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    assert close(morning).status_code == 303
    assert is_closed(morning)
    assert morning.measures()["event"] == {"events": 1}

    again = morning.browser("leader").post(
        morning.page(meeting, "/list"),
        data={f"standing-{morning.people['other'].id}": "present"},
    )
    assert again.status_code in (303, 409, 422)
    assert morning.standing(meeting, "other") == "absent"


def test_who_does_not_lead_does_not_close(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)

    assert morning.browser().post(morning.url("/closing")).status_code == 403
    assert not is_closed(morning)


# Closed


@pytest.fixture
def kept(morning: Any) -> Any:
    """A closed event that needed the learner's photo and the lecturer's result."""
    morning.set(photos_least=1, outcome=True)
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    give(morning)
    morning.browser("leader").post(morning.url("/outcome"), data={"text": "结论。"})
    close(morning)
    assert is_closed(morning)
    return morning


@pytest.mark.parametrize("who", ["learner", "leader"])
def test_closed_no_photo_that_was_counted_is_taken_down(kept: Any, who: str) -> None:
    row = kept.session.scalars(select(Photo)).one()
    page = kept.url(f"/photos/{row.id}/take-down")

    answer = kept.browser(who).post(
        page, data={"reason": "拍糊了"}, follow_redirects=True
    )

    assert "活动已经结束归档，不能再改" in answer.text
    kept.session.expire_all()
    assert kept.session.scalars(select(Photo)).one().removed_at is None
    assert kept.measures()["photos"] == {"photos": 1}


@pytest.mark.parametrize("who", ["learner", "leader"])
def test_closed_nobody_adds_photos(kept: Any, who: str) -> None:
    answer = give(kept, who, 3)

    assert answer.status_code == 422
    assert "活动已经结束归档，不能再改" in answer.text
    assert many(kept, Photo) == 1
    assert kept.measures()["photos"] == {"photos": 1}


def test_closed_the_lecturers_result_stays(kept: Any) -> None:
    leader = kept.browser("leader")

    answer = leader.post(kept.url("/outcome"), data={"text": "另一个结论。"})

    assert answer.status_code == 422
    assert many(kept, Outcome) == 1


def test_closed_the_page_of_photos_offers_nothing_to_change(kept: Any) -> None:
    page = kept.browser("leader").get(kept.url("/photos")).text

    assert "照片和成果不再增减" in page
    assert "/take-down" not in page
    assert 'type="file"' not in page
