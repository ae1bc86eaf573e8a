"""A list of user names: good lines are taken, each other line says why not."""

from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops import enrolment, name_lists, queries
from portal.workshops.models import Workshop, WorkshopState


def workbook(cells: list[object]) -> bytes:
    """A workbook with these cells in its first column."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, cells)
    sheet.write(0, 1, "另一列")
    book.close()
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"t1\nt2\r\n\n t3 ",
        "\ufefft1,t2,t3".encode(),
        "t1、t2\uff1bt3\uff0c".encode("gb18030"),
        workbook(["t1", "t2", "t3"]),
    ],
    ids=["lines", "csv", "gb18030", "workbook"],
)
def test_names_are_read_from_texts_and_workbooks(data: bytes) -> None:
    assert name_lists.names_in_file(data) == ["t1", "t2", "t3"]


def test_a_user_name_of_digits_is_not_taken_for_an_amount() -> None:
    assert name_lists.names_in_file(workbook([20240001])) == ["20240001"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "list_empty"),
        (b" \n ,", "list_empty"),
        (workbook([]), "list_empty"),
        (b"PK\x03\x04 no workbook", "list_unreadable"),
        (b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00", "list_unreadable"),
        (b"a\n" * (name_lists.MOST_LINES + 1), "list_too_long"),
    ],
    ids=["nothing", "blanks", "empty workbook", "broken workbook", "picture", "long"],
)
def test_a_file_that_is_no_list_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        name_lists.names_in_file(data)


def test_each_line_says_what_became_of_it(
    session: Session,
    school: Organisation,
    other_school: Organisation,
    clock: Clock,
    teachers: Callable[..., list[User]],
) -> None:
    workshop = factories.make_workshop(session, school, starts_at=clock.at)
    new, there, gone = teachers(3)
    (outside,) = teachers(1, other_school)
    factories.enrol(session, workshop, there)
    row = enrolment.enrol(session, workshop, gone)
    enrolment.remove(session, row, reason="支教一年", by_id=None)
    names = [
        new.username.upper(),
        there.username,
        gone.username,
        outside.username,
        "nobody",
        new.username,
    ]
    lines = name_lists.enrol_listed(session, workshop, names, by_id=None)
    assert [(line.number, line.fault) for line in lines] == [
        (1, None),
        (2, "already_in"),
        (3, "removed"),
        (4, "outside"),
        (5, "unknown"),
        (6, "twice"),
    ]
    assert lines[2].detail == "支教一年"
    learners = queries.learner_ids(session, workshop.id)
    assert sorted(learners) == sorted([new.id, there.id])


def test_the_same_list_twice_adds_nobody(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    names = [user.username for user in teachers(3)]
    for fault in (None, "already_in"):
        lines = name_lists.enrol_listed(session, workshop, names, by_id=None)
        assert {line.fault for line in lines} == {fault}
    assert len(queries.learner_ids(session, workshop.id)) == 3


def test_a_list_does_not_open_a_closed_workshop(
    session: Session, workshop: Workshop, teachers: Callable[..., list[User]]
) -> None:
    workshop.state = WorkshopState.CLOSED
    session.flush()
    with pytest.raises(Conflict):
        name_lists.enrol_listed(session, workshop, ["t1"], by_id=None)
