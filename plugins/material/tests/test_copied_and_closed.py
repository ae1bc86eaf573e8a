"""A copied workshop brings its materials, and one that closes loses no minute."""

from typing import Any

import pytest
from portal_material import items
from portal_material.models import Kind
from sqlalchemy import select

from portal.api import FileRef, open_activity
from portal.workshops.models import Activity, Workshop


def copied(course: Any) -> Activity:
    """The activity of a copy that the officer makes for the spring."""
    source = course.activity.workshop
    form = {
        "project_id": str(source.project_id),
        "title": "春季坊",
        "starts_on": "2025-02-24",
    }
    browser = course.browser("officer")
    answer = browser.post(f"/workshops/{source.id}/copy", data=form)
    assert answer.status_code == 303, answer.text
    return course.session.scalars(
        select(Activity).join(Activity.workshop).where(Workshop.title == "春季坊")
    ).one()


def close(course: Any) -> None:
    """The officer closes the workshop on its page."""
    browser = course.browser("officer")
    page = f"/workshops/{course.activity.workshop_id}/closing"
    assert browser.post(page).status_code == 303
    course.session.expire_all()
    assert course.activity.workshop.state == "closed"


@pytest.mark.one_database
def test_a_copy_has_the_same_list_and_nobodys_minutes(course: Any) -> None:
    file = FileRef("a" * 64, "教案.pdf", "application/pdf", 1024)
    course.add("课标解读", minutes=40, required_minutes=5)
    gone = course.add("已去掉的")
    course.add("教案", Kind.FILE, file=file, minutes=0, text="")
    course.add("平台", Kind.LINK, url="https://example.org/", minutes=0, text="")
    with course.acting() as ctx:
        items.remove(ctx, items.item_of(ctx, gone))
        items.move(ctx, items.item_of(ctx, 4), by=-1)
    course.open().stay(minutes=6)

    made = copied(course)

    with course.app.test_request_context():
        ctx = open_activity(course.session, made.id)
        there = {one.number: one for one in items.items_of(ctx)}
    assert [one.title for one in there.values()] == ["课标解读", "平台", "教案"]
    assert (there[1].minutes, there[1].required_minutes) == (40, 5)
    assert there[3].stored == file
    assert {row.activity_id for row in course.days()} == {course.id}
    page = course.browser("officer").get(f"/activities/{made.id}").text
    assert "0 人" in page
    assert "已去掉的" not in page


def test_at_the_close_every_minute_that_a_page_showed_is_a_fact(course: Any) -> None:
    course.add()
    page = course.open()
    page.stay(minutes=4, seconds=30)
    elsewhere = course.open(who="other")
    elsewhere.stay(minutes=2)
    assert (page.total, course.minutes()) == (4, {})

    close(course)

    assert list(course.minutes().values()) == ["4"]
    assert list(course.minutes("other").values()) == ["2"]
    assert course.seat_of("learner").left
    assert page.browser.post(f"{page.url}/beat", data={}).status_code == 403
    assert course.settle() == 0


def test_what_stood_unreported_of_an_older_place_is_reported_too(course: Any) -> None:
    course.add("一")
    course.add("二")
    course.open(1).stay(minutes=3)
    course.open(2).stay(minutes=2)

    close(course)

    assert sorted(course.minutes().values()) == ["2", "3"]


def test_a_second_close_says_nothing_again(course: Any) -> None:
    course.add()
    course.open().stay(minutes=3)
    close(course)
    before = course.facts()

    close(course)

    assert course.facts() == before
