"""A school's own plugin, from a folder outside the repository into a fresh environment.

It is written, installed, enabled for one school only, used up to the score sheet,
broken, removed, and brought back; nothing is lost on the way, and nothing else fails.
Each time the portal is truly started again. On SQLite only: it is about packages.
"""

import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.db import PortalSession, prepare_engine
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.plugins.manager import PluginManager
from portal.plugins.scaffolding import write_plugin
from portal.testing import factories
from portal.users import passwords
from portal.users.models import User

pytestmark = pytest.mark.browser

PASSWORD = "Hetang-2024-yueguang"
TEXT = "读到倾听那一章，想起自己总是急着让学生说出标准答案。"
PATIENCE = 20_000
"""Milliseconds."""
BROKEN = 'raise RuntimeError("broken")'
TITLE = {"zh": "读书", "en": "Reading"}
SCHEME = {
    "format": 1,
    "title": TITLE,
    "items": [
        {
            "id": "reading",
            "title": TITLE,
            "counts": [{"source": "reading_log", "measure": "entries"}],
            "steps": [{"do": "price", "unit": 1, "points": 4}],
        }
    ],
}

Look = Callable[..., Page]


@dataclass(frozen=True)
class Installation:
    """An environment, an instance and a port of their own."""

    folder: Path
    port: int
    settings: dict[str, str]

    @property
    def python(self) -> Path:
        return self.folder / "environment" / "bin" / "python"

    @property
    def packages(self) -> Path:
        (found,) = self.python.parents[1].glob("lib/python3.*/site-packages")
        return found

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/portal.sqlite3"

    def portal(self, *words: str | Path) -> str:
        """Run a command as the operator does, away from the sources."""
        ran = subprocess.run(
            [self.python, "-P", "-m", "portal", *words],
            cwd=self.folder,
            env=self.settings,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    @contextmanager
    def served(self) -> Iterator[None]:
        """Start the portal, and end it."""
        log = self.folder / "serve.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [self.python, "-P", "-m", "portal", "serve", "--port", str(self.port)],
                cwd=self.folder,
                env=self.settings,
                stdout=stream,
                stderr=stream,
            )
        try:
            assert until_it_answers(process, self.port), log.read_text("utf-8")
            yield
        finally:
            process.terminate()
            process.wait(10)


def until_it_answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it does, within a minute."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A fresh environment that sees the packages of this one, and nothing installed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PORTAL_", "LC_"))}
    made = Installation(
        tmp_path,
        port,
        ours
        | {
            "PORTAL_INSTANCE": str(tmp_path),
            "PORTAL_SECRET_KEY": "0123456789abcdef",
            "PORTAL_CODE_PEPPER": "0123456789abcdef",
            "PORTAL_ID_NUMBER_KEY": Fernet.generate_key().decode(),
            "PORTAL_JOB_WORKERS": "0",
            "PYTHONUTF8": "1",
            "LANG": "zh_CN.UTF-8",
        },
    )
    venv = [sys.executable, "-m", "venv", "--without-pip", tmp_path / "environment"]
    subprocess.run(venv, check=True)
    shared = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (made.packages / "shared.pth").write_text(shared, "utf-8")
    return made


@dataclass(frozen=True)
class People:
    """Who takes part, by user name; the address of the own school's workshop."""

    officer: str
    of_school: str
    leader: str
    leader_elsewhere: str
    teacher: str
    workshop: int
    workshop_elsewhere: int


def settle(session: Session) -> People:
    """A county with two schools, each with a workshop of its own, open now."""
    factories.make_tenant(session, "清溪")
    bureau = session.query(Organisation).one()
    hashed = passwords.hasher(1, 8).hash(PASSWORD)
    own, other = (
        factories.make_school(session, bureau, name)
        for name in ("实验小学", "城关小学")
    )

    def person(name: str, school: Organisation) -> User:
        return factories.make_user(session, name, school=school, password_hash=hashed)

    officer, of_school = person("许国华", bureau), person("何秀兰", own)
    leader, elsewhere = person("周文彬", own), person("钱江", other)
    teacher = person("陈晓燕", own)
    factories.give_role(session, officer, "county_officer", bureau)
    factories.give_role(session, of_school, "training_officer", own)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    scheme = factories.make_scheme(session, SCHEME)
    mine, theirs = (
        factories.make_workshop(session, place, starts_at=yesterday, scheme=scheme)
        for place in (own, other)
    )
    factories.enrol(session, mine, leader, "workshop_leader")
    factories.enrol(session, theirs, elsewhere, "workshop_leader")
    factories.enrol(session, mine, teacher)
    factories.make_activity(session, mine, "journal")
    names = (one.username for one in (officer, of_school, leader, elsewhere, teacher))
    return People(*names, mine.id, theirs.id)


@pytest.fixture
def plugin(installation: Installation) -> Path:
    """The author's folder; the plugin is installed."""
    folder = installation.folder / "portal-reading-log"
    write_plugin("reading_log", folder, title="读书记录")
    said = installation.portal("plugins", "install", folder)
    assert "reading_log 0.1.0 装好了" in said
    return folder


@pytest.fixture
def people(installation: Installation, plugin: Path) -> People:
    """The people of the county, in the installation's database."""
    engine = create_engine(installation.database)
    prepare_engine(engine)
    streams.upgrade(engine, PluginManager.admit_all({}))
    with PortalSession(engine) as session:
        found = settle(session)
        session.commit()
    engine.dispose()
    return found


@pytest.fixture
def sit_down(
    chromium: Browser, installation: Installation
) -> Iterator[Callable[[str], Look]]:
    """`look = sit_down(username)` logs somebody in; `look(path)` opens a page.

    A server that has just been started takes its time for the first pages.
    """
    opened: list[BrowserContext] = []

    def log_in(username: str) -> Look:
        address = f"http://127.0.0.1:{installation.port}"
        context = chromium.new_context(base_url=address, locale="zh-CN")
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: not url.endswith("/login"))

        def look(path: str, status: int = 200) -> Page:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == status, path
            return page

        return look

    expect.set_options(timeout=PATIENCE)
    yield log_in
    expect.set_options(timeout=None)
    for context in opened:
        context.close()


def test_a_plugin_of_one_school_comes_fails_goes_and_comes_back(
    installation: Installation,
    plugin: Path,
    people: People,
    sit_down: Callable[[str], Look],
) -> None:
    module = installation.packages / "portal_reading_log" / "activity.py"
    whole = module.read_text("utf-8")

    with installation.served():
        # The county admits it, the school enables it, and nobody else has it.
        page = sit_down(people.officer)("/plugins")
        line = page.get_by_role("row").filter(has_text="reading_log")
        expect(line).to_contain_text("未准许")
        line.get_by_role("button", name="由各单位选用").click()
        expect(line).to_contain_text("还没有单位启用")
        page = sit_down(people.of_school)("/plugins")
        line = page.get_by_role("row").filter(has_text="reading_log")
        line.get_by_role("button", name="启用").click()
        expect(line).to_contain_text("已启用")
        page = sit_down(people.leader_elsewhere)(
            f"/workshops/{people.workshop_elsewhere}/edit"
        )
        expect(page.get_by_role("link", name="教学周记")).to_be_visible()
        expect(page.get_by_role("link", name="读书记录")).to_have_count(0)
        page = sit_down(people.leader)(f"/workshops/{people.workshop}/edit")
        page.get_by_role("link", name="读书记录").click()
        page.get_by_role("button", name="添加活动").click()

        # The teacher writes, and the score sheet has a line.
        look = sit_down(people.teacher)
        page = look(f"/workshops/{people.workshop}")
        page.get_by_role("link", name="读书记录").first.click()
        activity = page.url
        page.get_by_role("link", name="去写").first.click()
        page.wait_for_load_state("networkidle")
        page.get_by_label("正文").fill(TEXT)
        page.get_by_role("button", name="提交", exact=True).click()
        expect(page.get_by_text("回执号").first).to_be_visible()
        expect(look(activity).get_by_text(TEXT).first).to_be_visible()
        stands_in_the_sheet(look)

    # It breaks: its own page says so, and all else works.
    module.write_text(whole.replace("return {", f"{BROKEN}\n        return {{", 1))
    with installation.served():
        page = look(activity, 500)
        expect(page.get_by_text("活动暂时打不开").first).to_be_visible()
        expect(page.get_by_text(TEXT)).to_have_count(0)
        stands_in_the_sheet(look)
        all_else_works(look, people)

    # It goes: a placeholder stands for it, and what was handed in can be read.
    assert "1 个活动" in installation.portal("plugins", "remove", "reading_log")
    assert not module.exists()
    with installation.served():
        page = look(activity)
        expect(page.get_by_text("活动暂不可用").first).to_be_visible()
        page.get_by_role("table").get_by_role("link").first.click()
        expect(page.get_by_text(TEXT).first).to_be_visible()
        stands_in_the_sheet(look)
        all_else_works(look, people)

    # It comes back, enabled where it was.
    installation.portal("plugins", "install", "--no-kit", plugin)
    with installation.served():
        expect(look(activity).get_by_text(TEXT).first).to_be_visible()
        stands_in_the_sheet(look)


def stands_in_the_sheet(look: Look) -> None:
    sheet = look("/record").get_by_role("region", name="小学语文工作坊")
    expect(sheet).to_contain_text("读书")
    expect(sheet).to_contain_text("4.0")


def all_else_works(look: Look, people: People) -> None:
    expect(look("/").get_by_text("每周教学日志").first).to_be_visible()
    page = look(f"/workshops/{people.workshop}")
    page.get_by_role("link", name="每周教学日志").first.click()
    expect(page.get_by_role("heading", name="每周教学日志")).to_be_visible()
