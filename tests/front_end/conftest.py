"""A small server that keeps the contract of assets/src/writing.js, and a browser.

The portal's own server is tested with the portal; here the scripts are, against every
answer a server can give. The sources are served as they are: a browser needs no bundle.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import (
    Flask,
    flash,
    jsonify,
    redirect,
    render_template,
    render_template_string,
    request,
    send_from_directory,
)
from flask_babel import Babel
from flask_wtf import FlaskForm
from jinja2 import FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import abort
from werkzeug.serving import make_server
from wtforms import MultipleFileField, StringField, TextAreaField
from wtforms.validators import InputRequired

from portal import headers
from portal.styleguide import samples
from portal.styleguide.views import content
from portal.submissions.text import count_characters

ROOT = Path(__file__).parents[2]
NAMES = {17: "欧阳晓芸", 18: "周文博"}


class WritingForm(FlaskForm):
    """What is written."""

    heading = StringField("题目", [InputRequired("请写题目。")])
    text = TextAreaField("正文", [InputRequired("请写正文。")])
    files = MultipleFileField("附件")


@dataclass
class Server:
    """What the small server knows, and how it is told to fail."""

    person: int | None = 17
    token: str = "token-1"
    counter: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    handed_in: dict[str, dict[str, str]] = field(default_factory=dict)
    tries: list[str] = field(default_factory=list)
    saves: int = 0
    status: int = 200
    reviews: list[dict[str, str]] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)
    marks: dict[int, dict[str, str]] = field(default_factory=dict)
    problem: str = ""
    files: list[str] = field(default_factory=list)
    receipts: int = 0
    url: str = ""

    def save(self, text: str, heading: str = "") -> None:
        """Another device saves."""
        self.counter += 1
        self.fields = {"heading": heading, "text": text}

    def refuses(self) -> Any:
        """The answer to a request that is not let in, else None."""
        if self.status != 200:
            abort(self.status)
        sent = request.form.get("csrf_token")
        if self.person is None or sent != self.token:
            return jsonify(error="login"), 401
        if request.form.get("user_id", str(self.person)) != str(self.person):
            return jsonify(error="other_user"), 403
        return None


def build(server: Server) -> Flask:
    """The application."""
    app = Flask(
        "small",
        root_path=str(ROOT / "portal"),
        static_folder="static",
        template_folder="templates",
    )
    folders = (ROOT / "portal" / "templates", Path(__file__).parent / "templates")
    app.jinja_loader = FileSystemLoader(folders)
    app.config.update(
        SECRET_KEY="testing",
        WTF_CSRF_ENABLED=False,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        SESSION_COOKIE_SECURE=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: server.token
    Babel(app)
    headers.init_app(app)
    app.context_processor(lambda: frame(server))
    add_writing(app, server)
    add_rest(app, server)
    return app


def frame(server: Server) -> dict[str, Any]:
    """What the portal gives to every page."""
    entries = [
        ("我的研修", "home", 0),
        ("批阅", "pen", 12),
        ("我的成长档案", "archive", 0),
    ]
    return {
        "asset": lambda name: f"/src/{name}" if name.endswith(".js") else None,
        "lang": "zh-CN",
        "languages": {"zh_Hans_CN": "简体中文", "en": "English"},
        "site": SimpleNamespace(
            title="云溪县教师网络研修平台",
            tenant_name="云溪县教育局",
            logo_url=None,
            logo_alt="",
            tokens_urls=[],
            tried=None,
            insecure=False,
        ),
        "navigation": [
            SimpleNamespace(
                label=label, url=f"#{icon}", icon=icon, active=not n, count=n
            )
            for label, icon, n in entries
        ],
        "unread_notices": 4,
        "current_user": SimpleNamespace(
            id=server.person,
            name=NAMES.get(server.person or 0, ""),
            is_authenticated=server.person is not None,
        ),
        "links": {"logout": "/logout", "notices": "/notices", "language": "/language"},
        "server": server,
        "person": server.person,
        "listed": [
            {"name": name, "url": "#", "size": 1} for name in server.files if name
        ],
    }


def add_writing(app: Flask, server: Server) -> None:
    """The page one writes on, and what it talks to."""

    @app.get("/write")
    def write() -> str:
        return render_template("write.html", form=WritingForm(data=server.fields))

    @app.post("/autosave")
    def autosave() -> Any:
        if refused := server.refuses():
            return refused
        if request.form["counter"] != str(server.counter):
            text = server.fields["text"]
            return jsonify(error="stale", text=text, counter=server.counter), 409
        server.fields = {name: request.form[name] for name in ("heading", "text")}
        server.counter += 1
        server.saves += 1
        return jsonify(counter=server.counter, saved_at="21:31")

    @app.post("/hand-in")
    def hand_in() -> Any:
        server.tries.append(request.form["form_key"])
        if refused := server.refuses():
            return refused
        if request.form["counter"] != str(server.counter):
            return render_template("write.html", form=WritingForm()), 409
        form = WritingForm()
        server.files += [file.filename or "" for file in request.files.getlist("files")]
        if "save" in request.form:
            server.save(**{name: request.form[name] for name in ("text", "heading")})
            flash("草稿已保存。", "ok")
            form = WritingForm(formdata=None, data=server.fields)
            return render_template("write.html", form=form)
        if not form.validate() or server.problem:
            return render_template("write.html", form=form), 422
        key = request.form["form_key"]
        server.handed_in[key] = request.form.to_dict()
        flash("已提交，回执号 0812。", "ok")
        return redirect("/done", 303)

    @app.get("/done")
    def done() -> str:
        page = '{% extends "base.html" %}{% block title %}已提交{% endblock %}'
        return render_template_string(page)

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Any:
        if request.method == "GET":
            return jsonify(csrf_token=server.token, user=server.person)
        known = {"ouyang": 17, "zhou": 18}
        if request.form["password"] != "right":
            return jsonify(error="login_failed", message="用户名或密码不对。"), 401
        server.person = known[request.form["name"]]
        server.token = "token-2"
        return jsonify(csrf_token=server.token, user=server.person)


def add_rest(app: Flask, server: Server) -> None:
    """The other pages."""

    @app.get("/src/<path:name>")
    def source(name: str) -> Any:
        return send_from_directory(ROOT / "assets" / "src", name)

    @app.get("/styleguide")
    def styleguide() -> str:
        few = {"people": samples.people(12)}  # ninety rows are for eyes, not for axe
        return render_template("styleguide.html", **content() | few)

    @app.get("/error/<int:code>")
    def error(code: int) -> str:
        return render_template(
            f"errors/{code}.html", sentence="", request_id="9f3a1c20"
        )

    @app.get("/desk/<int:work>")
    def desk(work: int) -> str:
        return render_template("desk.html", work=work, criteria=samples.CRITERIA)

    @app.post("/review/<int:work>")
    def review(work: int) -> Any:
        server.reviews.append(request.form.to_dict())
        server.remarks[work] = request.form["remark"]
        server.marks[work] = {
            name.removeprefix("rubric-"): value
            for name, value in request.form.items()
            if name.startswith("rubric-")
        }
        return redirect(f"/desk/{work + 1}", 303)

    @app.get("/letter")
    def letter() -> str:
        return render_template_string(
            '{% extends "base.html" %}{% block title %}通知{% endblock %}'
            '{% block main %}<p data-receipt-url="/receipt">请看。</p>{% endblock %}'
        )

    @app.post("/receipt")
    def receipt() -> Any:
        if refused := server.refuses():
            return refused
        server.receipts += 1
        return "", 204


@pytest.fixture
def server() -> Iterator[Server]:
    """The small server, running."""
    server = Server()
    serving = make_server("127.0.0.1", 0, build(server), threaded=True)
    server.url = f"http://127.0.0.1:{serving.server_port}"
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield server
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium, which ends with the module: its event loop would disturb others."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["PORTAL_CHROMIUM"], args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a phone whose clock the test moves; a script's error fails the test."""
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", viewport={"width": 360, "height": 640}
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.clock.install()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def count() -> Any:
    """The server's count of a text."""
    return lambda text: count_characters(text).characters
