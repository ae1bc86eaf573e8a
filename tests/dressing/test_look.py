"""The page 外观: a look is chosen, tried on, and worn by nobody else."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.dressing import logos, queries
from portal.dressing.queries import Dress, Worn
from portal.files.models import StoredFile
from portal.files.service import keep
from portal.organisations.models import Organisation
from portal.organisations.surroundings import surroundings_of
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.fixtures import AsUser, CountQueries
from portal.users.models import User

pytestmark = pytest.mark.one_database

INKSTONE = "/themes/inkstone/tokens.css"


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#5E2F45").save(out, kind)
    return out.getvalue()


def send(
    client: FlaskClient,
    place: Organisation,
    do: str = "save",
    file: tuple[bytes, str] | None = None,
    **fields: str,
) -> Any:
    data: dict[str, Any] = {"theme": "", "title": "", **fields, "do": do}
    if file is not None:
        data["logo"] = (BytesIO(file[0]), file[1])
    return client.post(f"/look/{place.id}", data=data)


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    return factories.make_user(session, "陈晓燕", school=school)


def test_a_school_wears_what_its_officer_chose_and_the_other_does_not(
    session: Session,
    as_user: AsUser,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    teacher: User,
) -> None:
    stranger = factories.make_user(session, "孟辉", school=other_school)
    answer = send(
        as_user(school_officer),
        school,
        theme="inkstone",
        title="  墨池   书声 ",
        file=(picture(), "校徽.png"),
    )
    assert answer.status_code == 303
    page = as_user(teacher).get("/").text
    assert INKSTONE in page
    assert "墨池 书声</span></a>" in page
    assert 'src="/logos/' in page
    elsewhere = as_user(stranger).get("/").text
    assert INKSTONE not in elsewhere
    assert "墨池" not in elsewhere
    assert "/logos/" not in elsewhere


def test_a_trial_is_seen_by_nobody_else(
    as_user: AsUser, school: Organisation, school_officer: User, teacher: User
) -> None:
    officer = as_user(school_officer)
    answer = send(
        officer, school, "try", (picture(), "a.png"), theme="inkstone", title="墨池书声"
    )
    assert answer.status_code == 303
    mine = officer.get("/").text
    assert INKSTONE in mine
    assert "您正在试看清溪县实验小学的外观" in mine
    assert "墨池书声</span></a>" in mine
    for other in (as_user(teacher), as_user(school_officer)):
        page = other.get("/").text
        assert INKSTONE not in page
        assert "墨池书声" not in page
        assert "试看" not in page

    logo = mine.partition('class="brand"')[2].partition('src="')[2].partition('"')[0]
    assert officer.get(logo).mimetype == "image/png"
    assert as_user(teacher).get(logo).status_code == 404
    number = logo.rpartition("/")[2]
    assert officer.get(f"/logos/{number}").status_code == 404


def test_a_trial_ends_and_leaves_everything_as_it_was(
    session: Session, as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    officer = as_user(school_officer)
    send(officer, school, "try", theme="inkstone")
    assert officer.post("/look/stop").status_code == 303
    assert INKSTONE not in officer.get("/").text
    session.refresh(school)
    assert queries.dress_of(school) == Dress()


def test_a_trial_is_saved_with_its_logo(
    session: Session, as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    officer = as_user(school_officer)
    send(officer, school, "try", (picture(), "a.png"), theme="inkstone")
    assert '<input checked id="theme-2"' in officer.get("/look").text
    send(officer, school, theme="inkstone")
    session.refresh(school)
    assert school.theme == "inkstone"
    assert school.logo_id is not None
    assert "您正在试看" not in officer.get("/").text


def test_a_trial_ends_with_the_right_to_choose(
    session: Session,
    as_user: AsUser,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
) -> None:
    officer = as_user(school_officer)
    with officer.session_transaction() as cookie:
        cookie["tried_look"] = {
            "organisation_id": other_school.id,
            "dress": {"theme": "inkstone", "title": "别校", "logo_id": None},
        }
    page = officer.get("/").text
    assert INKSTONE not in page
    assert "别校" not in page


def test_as_above_takes_back_what_was_chosen(
    session: Session, as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    officer = as_user(school_officer)
    send(officer, school, file=(picture(), "a.webp.png"), theme="default", title="书声")
    session.refresh(school)
    assert school.theme == "default"
    send(officer, school, no_logo="y")
    session.refresh(school)
    assert queries.dress_of(school) == Dress()


def test_of_each_thing_the_nearest_choice_holds(
    session: Session, county: Organisation, school: Organisation, teacher: User
) -> None:
    county.theme, county.site_title = "inkstone", "全县"
    school.theme = "lotus"
    session.flush()
    of_teacher, of_nobody = (
        queries.worn_on(surroundings_of(session, user_id).line)
        for user_id in (teacher.id, None)
    )
    assert of_teacher == Worn(("lotus", "inkstone"), "全县")
    assert of_nobody == Worn(("inkstone",), "全县")
    assert queries.worn_in(session, school, Dress(title="本校")) == Worn(
        ("inkstone",), "本校"
    )


def test_a_school_may_wear_the_portals_own_look_in_a_dressed_county(
    session: Session,
    as_user: AsUser,
    county: Organisation,
    school: Organisation,
    teacher: User,
) -> None:
    county.theme = "inkstone"
    assert INKSTONE in as_user(teacher).get("/").text
    school.theme = "default"
    assert INKSTONE not in as_user(teacher).get("/").text


def test_a_theme_that_is_gone_gives_way_to_the_one_above(
    session: Session,
    as_user: AsUser,
    county: Organisation,
    school: Organisation,
    school_officer: User,
) -> None:
    school.theme = "lotus"
    officer = as_user(school_officer)
    page = officer.get("/")
    assert page.status_code == 200
    assert "/themes/" not in page.text
    assert "lotus（没有安装）" in officer.get("/look").text
    county.theme = "inkstone"
    session.commit()
    assert INKSTONE in officer.get("/").text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ((b"<svg onload='alert(1)'/>", "校徽.png"), "内容与扩展名不符"),
        ((b"<svg/>", "校徽.svg"), "标志要用 PNG 或 WebP 图片"),
        ((b"GIF89a", "校徽.gif"), "标志要用 PNG 或 WebP 图片"),
        ((b"", "校徽.png"), "是空的"),
    ],
)
def test_a_file_that_is_no_logo_is_refused_in_words(
    session: Session,
    as_user: AsUser,
    school: Organisation,
    school_officer: User,
    file: tuple[bytes, str],
    said: str,
) -> None:
    answer = send(as_user(school_officer), school, file=file, title="墨池书声")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="墨池书声"' in answer.text
    assert session.scalars(select(StoredFile)).all() == []
    session.refresh(school)
    assert queries.dress_of(school) == Dress()


def test_a_logo_that_weighs_too_much_is_refused(
    as_user: AsUser,
    school: Organisation,
    school_officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logos, "LIMIT", 500)
    answer = send(as_user(school_officer), school, file=(picture(), "校徽.png"))
    assert answer.status_code == 422
    assert "请压缩" in answer.text


def test_a_title_that_no_phone_can_hold_is_refused(
    as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    answer = send(as_user(school_officer), school, title="书" * 31)
    assert answer.status_code == 422
    assert "最多 30 个字" in answer.text


def test_a_theme_that_nobody_installed_cannot_be_chosen(
    session: Session, as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    assert send(as_user(school_officer), school, theme="lotus").status_code == 422
    session.refresh(school)
    assert school.theme is None


def test_a_logo_is_small_square_and_open_to_everybody_of_the_county(
    session: Session,
    as_user: AsUser,
    client: FlaskClient,
    other_tenant: Tenant,
    county: Organisation,
    county_officer: User,
) -> None:
    file = (picture("WEBP"), "县徽.webp")
    send(as_user(county_officer), county, theme="default", file=file)
    session.refresh(county)
    address = f"/logos/{county.logo_id}"
    assert f'src="{address}" alt="{county.name}的标志"' in client.get("/login").text
    logo = client.get(address)
    assert logo.mimetype == "image/png"
    assert Image.open(BytesIO(logo.data)).size == (128, 128)
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in logo.headers["Cache-Control"]
    assert "Set-Cookie" not in logo.headers
    foreign = client.get(address, base_url="http://other.example")
    assert foreign.status_code == 404
    login = client.get("/login", base_url="http://other.example").text
    assert "/logos/" not in login


def test_a_schools_teachers_log_in_under_its_name(
    session: Session,
    as_user: AsUser,
    client: FlaskClient,
    school: Organisation,
    school_officer: User,
    teacher: User,
    other_tenant: Tenant,
) -> None:
    file = (picture(), "校徽.png")
    send(as_user(school_officer), school, file=file, theme="inkstone", title="书声")
    teachers = as_user(teacher)
    with teachers.session_transaction() as cookie:
        cookie["known"] = [teacher.id]
    teachers.post("/logout")
    page = teachers.get("/login").text
    assert INKSTONE in page
    assert "书声</span></a>" in page
    logo = page.partition('class="brand"')[2].partition('src="')[2].partition('"')[0]
    assert teachers.get(logo).status_code == 200
    assert "书声" not in client.get("/login").text
    elsewhere = "http://other.example"
    with client.session_transaction(base_url=elsewhere) as cookie:
        cookie["known"] = [teacher.id]
    assert "书声" not in client.get("/login", base_url=elsewhere).text


def test_no_file_but_a_logo_comes_out_at_the_logos(
    session: Session, client: FlaskClient, app: Flask, teacher: User
) -> None:
    attached = keep(
        session,
        "板书.png",
        picture(),
        owner_id=teacher.id,
        tenant_id=teacher.tenant_id,
        place=app.config["UPLOADS_URL"],
        limit=10**7,
    )
    session.commit()
    assert client.get(f"/logos/{attached.id}").status_code == 404


def test_who_chose_stands_in_the_trail(
    session: Session, as_user: AsUser, school: Organisation, school_officer: User
) -> None:
    send(as_user(school_officer), school, theme="inkstone")
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "organisation.dressed")
    ).one()
    assert entry.actor_id == school_officer.id
    assert entry.detail["theme"] == "inkstone"


def test_a_look_costs_one_query(
    as_user: AsUser,
    teacher: User,
    county: Organisation,
    school: Organisation,
    count_queries: CountQueries,
) -> None:
    county.site_title, school.theme = "全县", "inkstone"
    client = as_user(teacher)
    with count_queries() as statements:
        client.get("/account")
    asked = [one for one in statements if "site_title" in one and "theme" in one]
    assert len(asked) == 1


def test_the_card_of_a_theme_shows_its_colours(
    as_user: AsUser, school_officer: User
) -> None:
    client = as_user(school_officer)
    picture = client.get("/look/inkstone.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "#F3EFE4" in picture.text
    assert "#1A1618" in picture.text
    assert client.get("/look/lotus.svg").status_code == 404
