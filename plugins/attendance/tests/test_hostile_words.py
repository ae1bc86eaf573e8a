"""V05: whatever people write here stands on every page as text."""

from typing import Any

import pytest
from portal_attendance import codes
from portal_attendance.circular_models import Circular
from portal_attendance.keeping_models import Photo
from portal_attendance.seat_models import Naming, Substitution
from sqlalchemy import select

from plugins.attendance.tests.county_class import Class
from plugins.attendance.tests.giving import give
from plugins.attendance.tests.publishing import correct, publish

pytestmark = pytest.mark.one_database

BAD = "\"'><img src=x onerror=alert(1)>"
RAW = "<img src=x"


def test_in_no_field_of_an_event_a_word_is_markup(
    morning: Any, county_class: Class, other_school: Any
) -> None:
    """Every text that somebody can write, on every page that shows it."""
    for person in morning.people.values():
        person.name = f"{person.name[:6]}{BAD}"
    morning.set(theme=f"主题{BAD}", lecturer=f"林静{BAD}", place=f"三楼{BAD}")
    morning.activity.title = f"研训{BAD}"
    other_school.name = f"学校{BAD}"
    morning.session.commit()
    stranger = morning.stranger(f"钱江{BAD}", other_school)
    seats = county_class.ask(number="1")
    old, new = county_class.teacher(f"孙芳{BAD}"), county_class.teacher(f"李娜{BAD}")
    county_class.name(seats, old)
    county_class.lock()
    county_class.substitute(old, new, f"请病假{BAD}")
    meeting = morning.open(title=f"上午{BAD}")
    morning.sign(meeting)
    ticket = codes.ticket_at(meeting.secret, morning.clock.at)
    at_the_door = morning.as_user(stranger)
    sign = morning.page(meeting, "/sign")
    shown = [at_the_door.get(f"{sign}?ticket={ticket}")]
    at_the_door.post(sign, data={"ticket": ticket})
    give(morning, "learner", caption=f"现场{BAD}")
    morning.browser("leader").post(morning.url("/outcome"), data={"text": BAD})
    shown.append(morning.browser("leader").get(morning.page(meeting, "/list")))
    morning.end(meeting)
    publish(morning, meeting, title=f"通报{BAD}", doc_no=BAD, sentence=BAD)
    correct(morning, meeting)
    photo = morning.session.scalars(select(Photo)).one()
    shown.append(morning.browser().get(morning.url("/photos")))
    morning.browser("leader").post(
        morning.url(f"/photos/{photo.id}/take-down"), data={"reason": BAD}
    )
    circular = morning.session.scalars(select(Circular)).one()
    assert morning.session.scalars(select(Naming)).first() is not None
    assert morning.session.scalars(select(Substitution)).one().reason.endswith(BAD)
    pages = (
        "/sessions/new", "/corrections", "/circulars/new", f"/circulars/{circular.id}",
        "/photos", "/closing", "/seats", "/seats/new",
    )  # fmt: skip
    other = morning.people["other"].id
    of_session = ("", "/edit", "/screen", "/sign", f"/people/{other}")

    leader = morning.browser("leader")
    shown += [leader.get(f"/activities/{morning.id}")]
    shown += [leader.get(morning.url(page)) for page in pages]
    shown += [leader.get(morning.page(meeting, page)) for page in of_session]
    shown += [
        county_class.officer.get(morning.url("/naming")),
        county_class.officer.get(morning.url(f"/circulars/{circular.id}/schools")),
        morning.browser("other").get(morning.page(meeting, f"/people/{other}")),
        morning.browser().get(f"/activities/{morning.id}"),
        morning.browser().get("/"),
        morning.browser().get("/notices"),
    ]
    for page in shown:
        assert page.status_code == 200, page.request.path
        assert RAW not in page.text, page.request.path
    assert sum("&lt;img src=x" in page.text for page in shown) >= len(shown) - 2
