"""Files over HTTP: who opens them, how they are sent, what stands in a text (V25)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.files.models import StoredFile
from portal.organisations.models import Organisation
from portal.submissions.attachments import MOST_FILES
from portal.submissions.models import Submission
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop

SLOT = "week:2024-W36"
TEXT = "今天执教荷花一课,朗读指导用去了二十五分钟,小练笔没有时间写。" * 5
PDF = b"%PDF-1.7\n%%EOF"


def picture(colour: int = 0) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (20, 20), (colour, 90, 20)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def journal(activity: Callable[..., Activity], session: Session) -> Activity:
    made = activity("journal")
    session.commit()
    return made


@pytest.fixture
def send(journal: Activity, as_user: AsUser, learner: User) -> Callable[..., Any]:
    """`send((PDF, "教案.pdf"), save="draft")` writes as the learner."""
    browser = as_user(learner)

    def write(*files: tuple[bytes, str], **fields: Any) -> Any:
        found = [(BytesIO(data), name) for data, name in files]
        return browser.post(
            f"/activities/{journal.id}/write/{SLOT}",
            data={"text": TEXT, "counter": "0", "files": found, **fields},
        )

    return write


def the_file(session: Session) -> StoredFile:
    session.expire_all()
    return session.scalars(select(StoredFile)).one()


@pytest.fixture
def everybody(
    session: Session,
    county: Organisation,
    school: Organisation,
    workshop: Workshop,
    learner: User,
    group_leader: User,
    workshop_leader: User,
    school_officer: User,
    county_officer: User,
) -> dict[str, User]:
    """One person of each kind, by who they are."""
    other = factories.make_group(session, workshop, "第二组")
    elsewhere = factories.make_workshop(session, county, starts_at=workshop.starts_at)
    people = {
        "learner": learner,
        "group leader": group_leader,
        "workshop leader": workshop_leader,
        "school officer": school_officer,
        "county officer": county_officer,
    }
    for name, place, role, group in (
        ("colleague", workshop, "learner", None),
        ("other group's leader", workshop, "group_leader", other),
        ("leader without a group", workshop, "group_leader", None),
        ("expert", workshop, "expert", None),
        ("other group's tutor", workshop, "tutor", other),
        ("leader elsewhere", elsewhere, "workshop_leader", None),
    ):
        people[name] = factories.make_user(session, name, school=school)
        factories.enrol(session, place, people[name], role, group)
    for name, role in (("researcher", "researcher"), ("head", "central_head")):
        people[name] = factories.make_user(session, name, school=county)
        factories.give_role(session, people[name], role, county)
    people["stranger"] = factories.make_user(session, "stranger", school=school)
    session.commit()
    return people


READERS = {
    *("learner", "group leader", "workshop leader", "county officer"),
    "researcher",
}
"""An expert reads what was assigned."""


def test_a_handed_in_file_is_opened_by_who_may_read_the_work(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    everybody: dict[str, User],
    client: FlaskClient,
) -> None:
    assert send((PDF, "教案.pdf")).status_code == 303
    path = f"/files/{the_file(session).id}"
    opened = {
        name
        for name, person in everybody.items()
        if as_user(person).get(path).status_code == 200
    }
    assert opened == READERS
    assert client.get(path).status_code in (302, 303)


def test_a_file_of_a_draft_is_its_authors_alone(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    everybody: dict[str, User],
) -> None:
    send((PDF, "教案.pdf"), save="draft")
    path = f"/files/{the_file(session).id}"
    answers = {name: as_user(one).get(path) for name, one in everybody.items()}
    assert {n for n, a in answers.items() if a.status_code == 200} == {"learner"}
    hidden = as_user(everybody["group leader"]).get("/files/999999")
    assert answers["group leader"].status_code == hidden.status_code == 404


def test_another_county_has_no_such_file(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    learner: User,
    other_tenant: Tenant,
) -> None:
    from portal.db import set_tenant

    send((PDF, "教案.pdf"))
    path = f"/files/{the_file(session).id}"
    set_tenant(session, other_tenant.id)
    root = session.scalars(select(Organisation)).one()
    officer = factories.make_user(session, "许", school=root)
    factories.give_role(session, officer, "county_officer", root)
    session.commit()
    browser = as_user(officer, host="other.example")
    answer = browser.get(path, base_url="http://other.example")
    assert answer.status_code == 404


def test_a_document_is_a_download_that_can_run_nothing(
    send: Callable[..., Any], session: Session, as_user: AsUser, learner: User
) -> None:
    send((PDF, "教案 “𠮷”;é.pdf"))
    answer = as_user(learner).get(f"/files/{the_file(session).id}")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''"
        "%E6%95%99%E6%A1%88%20%E2%80%9C%F0%A0%AE%B7%E2%80%9D%3B%C3%A9.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_picture_is_shown_in_the_page_and_sandboxed_too(
    send: Callable[..., Any], session: Session, as_user: AsUser, learner: User
) -> None:
    send((picture(), "荷花.png"))
    path = f"/files/{the_file(session).id}"
    answer = as_user(learner).get(path)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    download = as_user(learner).get(f"{path}?download=1")
    assert download.headers["Content-Disposition"].startswith("attachment;")


def test_bytes_that_are_gone_are_not_found(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    learner: User,
) -> None:
    send((PDF, "教案.pdf"))
    stored = the_file(session)
    stored.digest = "0" * 64
    session.commit()
    assert as_user(learner).get(f"/files/{stored.id}").status_code == 404


# Attaching


def test_a_refused_file_is_said_and_the_text_and_the_others_are_kept(
    send: Callable[..., Any], session: Session
) -> None:
    answer = send((b"MZ", "病毒.exe"), (PDF, "教案.pdf"), (b"<html>", "页.png"))
    assert answer.status_code == 422
    assert "病毒.exe" in answer.text
    assert "页.png" in answer.text
    assert TEXT[:20] in answer.text
    assert the_file(session).name == "教案.pdf"
    assert session.scalars(select(Submission.state)).one() == "draft"


def test_the_same_content_twice_is_one_attachment(
    send: Callable[..., Any], session: Session
) -> None:
    answer = send((PDF, "教案.pdf"), (PDF, "副本.pdf"))
    assert answer.status_code == 303
    assert "副本.pdf" not in page_of(send, session)


def page_of(send: Any, session: Session) -> str:
    from portal.submissions.models import SubmissionFile

    links = session.scalars(select(SubmissionFile)).all()
    return " ".join(link.file.name for link in links)


def test_so_many_files_and_no_more(send: Callable[..., Any], session: Session) -> None:
    many = [(picture(n), f"{n}.png") for n in range(MOST_FILES + 1)]
    answer = send(*many)
    assert answer.status_code == 422
    assert f"最多附 {MOST_FILES} 个文件" in answer.text


def test_a_file_is_taken_off_the_draft(
    send: Callable[..., Any], session: Session
) -> None:
    send((PDF, "教案.pdf"), save="draft")
    stored = the_file(session)
    answer = send(counter="1", remove_file=str(stored.id))
    assert answer.status_code == 303
    assert page_of(send, session) == ""


# Pictures in the text


def with_picture(number: int) -> str:
    return f"{TEXT}\n[图片:{number} 荷花池]\n下课了。"


def test_an_own_attached_picture_stands_in_the_text(
    send: Callable[..., Any], session: Session, as_user: AsUser, learner: User
) -> None:
    send((picture(), "荷花.png"), save="draft")
    number = the_file(session).id
    answer = send(text=with_picture(number), counter="1")
    page = as_user(learner).get(answer.location).text
    assert f'<img src="/files/{number}" alt="荷花池">' in page


def test_nobody_elses_picture_stands_in_a_text(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
) -> None:
    foreign = StoredFile(
        owner_id=workshop_leader.id,
        digest="1" * 64,
        name="他.png",
        media_type="image/png",
        size=1,
        created_at=workshop_leader.created_at,
    )
    session.add(foreign)
    session.commit()
    answer = send((PDF, "教案.pdf"), text=with_picture(foreign.id))
    page = as_user(learner).get(answer.location).text
    assert '<img src="/files/' not in page
    assert f"[图片:{foreign.id} 荷花池]" in page


def test_a_picture_taken_off_does_not_stay_in_the_next_version(
    send: Callable[..., Any],
    session: Session,
    as_user: AsUser,
    learner: User,
    workshop_leader: User,
    app: Flask,
) -> None:
    send((picture(), "荷花.png"), save="draft")
    number = the_file(session).id
    send(text=with_picture(number), counter="1")
    found = session.scalars(select(Submission)).one()
    as_user(workshop_leader).post(
        f"/desk/{found.id}",
        data={"decision": "return", "advice": "去掉图片", "revision": found.revision},
    )
    send(text=with_picture(number), counter="0", remove_file=str(number))
    session.expire_all()
    assert len(found.versions) == 2
    assert f"/files/{number}" in found.versions[0].html
    assert f"/files/{number}" not in found.versions[1].html


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [
        ({}, 200, slice(None)),
        ({"Range": "bytes=0-"}, 206, slice(0, None)),
        ({"Range": "bytes=3-6"}, 206, slice(3, 7)),
        ({"Range": "bytes=-5"}, 206, slice(-5, None)),
        ({"Range": "bytes=0-1,4-5"}, 200, slice(None)),
        ({"Range": "lines=1-2"}, 200, slice(None)),
        ({"Range": "bytes=3-6", "If-Range": '"older"'}, 200, slice(None)),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    asked: dict[str, str],
    status: int,
    sent: slice,
    send: Callable[..., Any],
    session: Session,
    learner: User,
    as_user: AsUser,
) -> None:
    send((PDF, "教案.pdf"), save="draft")
    browser = as_user(learner)

    answer = browser.get(f"/files/{the_file(session).id}", headers=asked)

    assert (answer.status_code, answer.data) == (status, PDF[sent])
    assert answer.content_length == len(PDF[sent])
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert ("Content-Range" in answer.headers) is (status == 206)


def test_a_part_of_the_same_file_goes_on_where_it_broke_off(
    send: Callable[..., Any], session: Session, learner: User, as_user: AsUser
) -> None:
    send((PDF, "教案.pdf"), save="draft")
    browser, path = as_user(learner), f"/files/{the_file(session).id}"
    known = browser.get(path).headers["ETag"]

    rest = browser.get(path, headers={"Range": "bytes=4-", "If-Range": known})

    assert (rest.status_code, rest.data) == (206, PDF[4:])
    assert rest.headers["Content-Range"] == f"bytes 4-{len(PDF) - 1}/{len(PDF)}"


def test_a_part_beyond_the_end_is_refused_with_the_size(
    send: Callable[..., Any], session: Session, learner: User, as_user: AsUser
) -> None:
    send((PDF, "教案.pdf"), save="draft")

    answer = as_user(learner).get(
        f"/files/{the_file(session).id}", headers={"Range": "bytes=999-"}
    )

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"
