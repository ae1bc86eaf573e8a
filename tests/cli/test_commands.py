"""The commands of the operator: what they say, what they do, and how they end."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cli import translations
from portal.completions.models import Completion
from portal.jobs.models import Job, JobState
from portal.organisations.models import Membership, Organisation, OrganisationPlugin
from portal.plugins.admission import Fault, FaultCode
from portal.schemes.documents.scheme import load_template
from portal.schemes.models import ScoreSheet
from portal.schemes.service import rebuild
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.activation import find
from portal.users.models import User, UserState
from portal.workshops.models import Workshop

Portal = Callable[..., Result]


@pytest.fixture
def portal(app: Flask, session: Session) -> Portal:
    """`portal("plugins", "list")` runs a command within this test's transaction."""

    def run(*words: str) -> Result:
        session.commit()
        result = app.test_cli_runner().invoke(args=["portal", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        session.expire_all()
        return result

    return run


def a_job(clock: Clock, **columns: object) -> Job:
    values = {"name": "roster.import", "args": {}, "due_at": clock.at}
    return Job(**{**values, "created_at": clock.at, **columns})


# Jobs


def test_failed_jobs_come_first_and_say_why(
    portal: Portal, session: Session, clock: Clock
) -> None:
    assert portal("jobs", "list").output == "There are no jobs.\n"
    session.add(a_job(clock, state=JobState.QUEUED, done=3, total=9))
    assert portal("jobs", "list").exit_code == 0
    session.add(a_job(clock, state=JobState.FAILED, error="ValueError: 坏", attempts=5))

    listed = portal("jobs", "list")
    first, second = listed.output.splitlines()
    assert first.startswith("failed")
    assert "5 tries: ValueError: 坏" in first
    assert "3/9" in second
    assert listed.exit_code == 1
    assert "failed" not in portal("jobs", "list", "--state", "queued").output


def test_a_sweep_puts_lost_jobs_back(
    portal: Portal, session: Session, clock: Clock
) -> None:
    lost = a_job(
        clock,
        name="jobs.tidy",
        state=JobState.RUNNING,
        attempts=1,
        lease_until=clock.at - timedelta(seconds=1),
    )
    session.add(lost)

    assert portal("jobs", "sweep").output == "1 lost jobs were put back.\n"
    assert lost.state == JobState.QUEUED


# Plugins


def states(listed: Result) -> dict[str, str]:
    """The state of each plugin by name, in the order of the list."""
    words = [line.split() for line in listed.output.splitlines()]
    return {name: state for state, name, *_ in words}


def test_a_plugin_is_paused_and_enabled_again(
    portal: Portal, session: Session, county: Organisation, school: Organisation
) -> None:
    assert states(portal("plugins", "list"))["journal"] == "enabled"

    there = ("--organisation", school.code)
    assert portal("plugins", "disable", "journal", *there).exit_code == 0
    assert states(portal("plugins", "list", *there))["journal"] == "paused"
    assert states(portal("plugins", "list"))["journal"] == "enabled"
    portal("plugins", "enable", "journal", *there)
    assert session.get_one(OrganisationPlugin, (school.id, "journal")).enabled


def test_a_school_cannot_have_what_the_county_has_not(
    portal: Portal, county: Organisation, school: Organisation
) -> None:
    portal("plugins", "disable", "journal")
    refused = portal("plugins", "enable", "journal", "--organisation", school.code)

    assert refused.exit_code == 1
    assert "The county has not admitted journal" in refused.output

    assert portal("plugins", "admit", "journal").exit_code == 0
    assert states(portal("plugins", "list"))["journal"] == "paused"
    there = ("--organisation", school.code)
    portal("plugins", "enable", "journal", *there)
    assert states(portal("plugins", "list", *there))["journal"] == "enabled"


def test_all_four_states_are_listed_and_two_of_them_alarm(
    app: Flask,
    portal: Portal,
    session: Session,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugins = app.extensions["portal_plugins"]
    fault = Fault(FaultCode.LOAD_FAILED, "ImportError: no such thing")
    journal = plugins.plugins["journal"]
    monkeypatch.setattr(
        plugins,
        "plugins",
        {
            "journal": journal,
            "broken": type(journal)("broken", version="2.0", fault=fault),
            "off": type(journal)("off", version="2.0"),
        },
    )
    factories.make_activity(session, workshop, "lost")

    listed = portal("plugins", "list")
    assert listed.exit_code == 1
    assert states(listed) == {
        "journal": "enabled",
        "broken": "quarantined",
        "off": "paused",
        "lost": "missing",
    }
    assert "ImportError: no such thing" in listed.output


def test_what_does_not_exist_is_named(portal: Portal, county: Organisation) -> None:
    for words, named in (
        (("plugins", "enable", "nothing"), "No plugin nothing"),
        (("plugins", "list", "--organisation", "x"), "no organisation x"),
        (("plugins", "list", "--tenant", "x"), "no county x"),
    ):
        refused = portal(*words)
        assert refused.exit_code == 1
        assert named in refused.output


def test_with_two_counties_one_must_be_named(
    portal: Portal, county: Organisation, other_tenant: Tenant
) -> None:
    refused = portal("plugins", "list")

    assert refused.exit_code == 1
    assert "--tenant: 清溪, 邻水" in refused.output
    assert portal("plugins", "list", "--tenant", "邻水").exit_code == 0


# Schemes


def test_a_good_scheme_passes(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "scheme.json"
    file.write_text(json.dumps(load_template("weekly_journal")), "utf-8")

    assert portal("scheme", "check", str(file)).exit_code == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"format": 1,\n "title"', "  2:9"),
        ('{"format": 1, "title": {"zh": "日", "en": "d"}, "items": 3}', ":1  items"),
        ('{"format": 1, "title": {"zh": "日"},\n"items":\n3}', ":1  title.en"),
        (
            '{"format": 1,"title": {"zh": "日", "en": "d"},\n"cap": 0, "items": []}',
            ":2  cap",
        ),
    ],
)
def test_a_bad_scheme_says_where(
    portal: Portal, tmp_path: Path, text: str, place: str
) -> None:
    file = tmp_path / "scheme.json"
    file.write_text(text, "utf-8")
    refused = portal("scheme", "check", str(file))

    assert refused.exit_code == 1
    assert f"scheme.json{place}" in refused.output


def test_a_file_in_another_encoding_is_refused(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "scheme.json"
    file.write_bytes("方案".encode("gb18030"))

    assert portal("scheme", "check", str(file)).exit_code == 1


@pytest.fixture
def rated(session: Session, county: Organisation, school: Organisation) -> Workshop:
    """A workshop with a scheme, one learner and one fact."""
    version = factories.make_scheme(session, load_template("weekly_journal"))
    workshop = factories.make_workshop(
        session, county, starts_at=Clock().at, scheme=version
    )
    user = factories.make_user(session, school=school, username="chenxy")
    factories.enrol(session, workshop, user)
    session.flush()
    rebuild(session, workshop)
    session.flush()
    return workshop


def test_what_is_rebuilt_equals_what_stood_there(
    portal: Portal, rated: Workshop
) -> None:
    result = portal("scheme", "rebuild")

    assert result.output == "1 workshops rebuilt; 0 sheets differed.\n"
    assert result.exit_code == 0


def test_a_sheet_that_was_tampered_with_is_found_and_mended(
    portal: Portal, session: Session, rated: Workshop
) -> None:
    sheet = session.scalars(select(ScoreSheet)).one()
    right = sheet.total
    sheet.total = Decimal(99)

    looked = portal("scheme", "rebuild", "--check", "--workshop", str(rated.id))
    assert looked.exit_code == 1
    assert "chenxy: was 99" in looked.output
    assert sheet.total == 99
    assert portal("scheme", "rebuild").exit_code == 1
    assert sheet.total == right
    assert portal("scheme", "rebuild").exit_code == 0
    assert session.scalar(select(func.count()).select_from(Completion)) == 0


def test_a_workshop_that_is_not_there_is_named(portal: Portal, rated: Workshop) -> None:
    assert "no workshop 999" in portal("scheme", "rebuild", "--workshop", "999").output


# Counties


def test_a_county_begins_with_an_officer_who_has_a_code(
    app: Flask, portal: Portal, session: Session
) -> None:
    made = portal(
        "tenants", "create", "--code", "qx", "--name", "清溪县", "--officer", "许国华"
    )

    assert made.exit_code == 0
    assert "qx  清溪县  any host" in portal("tenants", "list").output
    session.info["tenant_id"] = session.scalar(select(Tenant.id))
    officer = session.scalars(select(User)).one()
    assert (officer.name, officer.state) == ("许国华", UserState.INVITED)
    assert session.scalars(select(Membership.role)).all() == ["county_officer"]
    admitted = app.extensions["portal_plugins"].admitted()
    enabled = select(OrganisationPlugin.plugin).where(OrganisationPlugin.enabled)
    assert sorted(session.scalars(enabled)) == [plugin.name for plugin in admitted]
    code = next(line for line in made.output.splitlines() if line.count("-") == 2)
    found = find(session, code.strip(), app.config["CODE_PEPPER"])
    assert found is not None
    assert found.user_id == officer.id


def test_two_counties_cannot_answer_to_the_same_host(
    portal: Portal, tenant: Tenant
) -> None:
    words = ("tenants", "create", "--code", "ls", "--name", "邻水县", "--officer", "甲")

    assert "give a --host" in portal(*words).output
    assert portal(*words, "--host", "ls.example.cn").exit_code == 0
    again = portal(*words, "--host", "ls.example.cn")
    assert again.exit_code == 1
    assert "another county's" in again.output


# Words


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with two sentences, which the commands take for all there is."""
    folder = tmp_path / "portal_small"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text('title = _l("共 %(count)s 篇")\n', "utf-8")
    (folder / "templates" / "a.html").write_text("{{ _('周记') }}\n", "utf-8")
    monkeypatch.setattr(translations, "folders", lambda: [folder])
    return folder


def translate(folder: Path, **words: str) -> None:
    path = folder / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as stream:
        catalogue: Catalog = read_po(stream, locale="en")
    for message in catalogue:
        if message.id:
            message.string = words.get(str(message.id)[:2], "")
    translations._write(path, catalogue)


def test_what_english_lacks_is_listed_with_its_place(
    portal: Portal, package: Path
) -> None:
    lacking = portal("translations", "check")
    assert lacking.exit_code == 1
    assert "portal_small/views.py:1  共 %(count)s 篇" in lacking.output
    assert "portal_small/templates/a.html:1  周记" in lacking.output

    extracted = portal("translations", "extract")
    assert "2 sentences, 2 without English" in extracted.output
    translate(package, **{"周记": "Journal", "共 ": "%(count)s texts"})
    assert portal("translations", "check").exit_code == 0
    before = (package / "translations/en/LC_MESSAGES/messages.po").read_bytes()
    portal("translations", "extract")
    after = (package / "translations/en/LC_MESSAGES/messages.po").read_bytes()
    assert after == before, "a second time changes nothing"


@pytest.mark.parametrize("english", ["%(number)s texts", "texts", "%(count) texts"])
def test_other_placeholders_are_no_translation(
    portal: Portal, package: Path, english: str
) -> None:
    portal("translations", "extract")
    translate(package, **{"周记": "Journal", "共 ": english})

    lacking = portal("translations", "check")
    assert lacking.exit_code == 1
    assert "共 %(count)s 篇" in lacking.output


def test_what_is_gone_from_the_code_leaves_the_catalogue(
    portal: Portal, package: Path
) -> None:
    portal("translations", "extract")
    (package / "templates" / "a.html").unlink()
    portal("translations", "extract")

    text = (package / "translations/en/LC_MESSAGES/messages.po").read_text("utf-8")
    assert "周记" not in text


# The doctor


def test_the_doctor_names_what_is_unwell(
    portal: Portal, session: Session, workshop: Workshop, clock: Clock
) -> None:
    session.add(a_job(clock, state=JobState.FAILED))
    seen = portal("doctor")

    assert seen.exit_code == 1
    bad = {line[5:24].strip() for line in seen.output.splitlines() if "BAD" in line}
    # The tests' database need not survive, and their clock stands still elsewhere.
    assert bad - {"fsync", "full_page_writes", "synchronous_commit", "clock"} == {
        "BASE_URL",
        "CODE_PEPPER",
        "SECRET_KEY",
        "TESTING",
        "failed jobs",
    }
    assert "ok   plugin journal     enabled" in seen.output
    assert "ok   drift              none" in seen.output
