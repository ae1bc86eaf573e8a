"""The server that `bench.pages` measures: the portal's own, and two things more.

    python -m bench.page_server INSTANCE

It listens on a free port of the loopback, which it prints, like `portal serve` but
without workers. Beside the portal it serves the bare page, and every answer says in
`X-Bench-Queries` how many SELECTs the request sent, in `X-Bench-Statements` how many
statements of any kind, transactions and savepoints among them.
"""

import sys
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, render_template, request
from jinja2 import Template
from sqlalchemy import event

from portal.access import probe
from portal.app import create_app
from portal.cli.serve import listen, make_server
from portal.db import db

BARE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ title }}</h1>
<table>
<thead><tr><th>姓名</th><th>学校</th><th>状态</th><th>字数</th></tr></thead>
<tbody>
{% for row in rows %}
<tr{% if row.late %} class="late"{% endif %}>
<th scope="row"><a href="{{ row.url }}">{{ row.name }}</a></th>
<td>{{ row.school }}</td>
<td>{% if row.late %}迟交{% else %}按时{% endif %}</td>
<td class="number">{{ row.length }}</td>
</tr>
{% endfor %}
</tbody>
</table>
</body>
</html>
"""


@dataclass(frozen=True)
class Row:
    """One line of the bare page."""

    url: str
    name: str
    school: str
    length: int
    late: bool


ROWS = [
    Row(f"/people/{n}", f"教师{n}", "清溪县<实验>小学", 100 + n, late=n % 7 == 0)
    for n in range(147)
]


FRAMED = (
    '{% extends "base.html" %}{% block title %}{{ title }}{% endblock %}'
    "{% block main %}"
    + BARE[BARE.index("<h1>") : BARE.index("</body>")]
    + "{% endblock %}"
)


def serve_bare(app: Flask) -> None:
    """Serve 23 KB of a template over a list in memory: alone, and in our frame.

    Both are real templates, compiled once and rendered for each request, and go the
    portal's whole way but for the database: routing, guards, translations, headers.
    The first is the bare page of the goals. The second wears the frame as somebody
    meets it who is not known.
    """
    pages = {
        "bare": (app.jinja_env.from_string(BARE), ROWS),
        "framed": (app.jinja_env.from_string(FRAMED), ROWS[:112]),
    }
    for name, (template, rows) in pages.items():

        @probe
        def view(template: Template = template, rows: list[Row] = rows) -> str:
            return render_template(template, title="教师名册", rows=rows)

        app.add_url_rule(f"/bench/{name}", f"bench_{name}", view)


def count_statements(app: Flask) -> None:
    """Let every answer say how many statements its request sent."""

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        kind = "asked" if statement.lstrip().startswith(("SELECT", "WITH")) else "told"
        setattr(g, kind, g.get(kind, 0) + 1)

    @app.after_request
    def say(answer: Response) -> Response:
        asked = g.get("asked", 0)
        answer.headers["X-Bench-Queries"] = str(asked)
        answer.headers["X-Bench-Statements"] = str(asked + g.get("told", 0))
        answer.headers["X-Bench-Endpoint"] = str(request.endpoint)
        return answer

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)


def main(instance: str) -> None:
    """Serve until the process is ended."""
    app = create_app(instance_path=instance)
    serve_bare(app)
    count_statements(app)
    taken = listen("127.0.0.1", 0)
    print(taken.getsockname()[1], flush=True)
    make_server(app, taken).run()


if __name__ == "__main__":
    main(sys.argv[1])
