"""`portal credits verify`: what the operator reads, and how it ends."""

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.testing.course import Course


def verify(app: Flask, session: Session) -> tuple[int, str]:
    session.commit()
    result = app.test_cli_runner().invoke(args=["portal", "credits", "verify"])
    session.expire_all()
    return result.exit_code, result.output


def test_a_whole_ledger_is_called_by_its_end(
    app: Flask, session: Session, course: Course
) -> None:
    course.teacher()
    course.register()

    code, said = verify(app, session)

    assert (code, said) == (0, f"清溪: 1 entries, end {course.entries()[0].digest}\n")


def test_the_first_broken_entry_is_named_first(
    app: Flask, session: Session, course: Course
) -> None:
    for name in ("陈晓燕", "刘芳"):
        course.teacher(name)
    course.register()
    session.execute(text("UPDATE credit_claim SET credits = 9"))

    code, said = verify(app, session)

    assert code == 1
    assert said.startswith(
        "清溪: entry 1: its claim says something else (claim_changed)\n"
    )


def test_an_empty_ledger_is_whole(app: Flask, session: Session, tenant: object) -> None:
    assert verify(app, session) == (0, "清溪: 0 entries, end -\n")
