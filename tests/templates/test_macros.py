"""What the macros draw: tied together, escaped, and sparing where nothing is to say."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from jinja2 import StrictUndefined
from selectolax.lexbor import LexborHTMLParser
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

PORTAL = Path(__file__).parents[2] / "portal"
OURS = [
    PORTAL / "templates" / "base.html",
    PORTAL / "templates" / "styleguide.html",
    *sorted((PORTAL / "templates" / "ui").glob("*.html")),
    *sorted((PORTAL / "templates" / "errors").glob("*.html")),
]
Draw = Callable[..., LexborHTMLParser]


class Inner(Form):
    """A form within a form."""

    phone = StringField("手机", [InputRequired("请填写手机号。")])


class Sample(Form):
    """Every kind of field that is drawn in its own way."""

    key = HiddenField()
    name = StringField(
        "姓名", [InputRequired("请填写姓名。")], description="与身份证一致"
    )
    stage = RadioField(
        "学段",
        [InputRequired("请选择学段。")],
        choices=[SelectChoice("p", "小学"), SelectChoice("m", "初中")],
    )
    agree = BooleanField("同意", [InputRequired("请勾选。")])
    file = FileField("名册")
    contact = FormField(Inner, "联系人")
    lines = FieldList(
        StringField("附言", [InputRequired("请写附言。")]), "附言", min_entries=1
    )


@pytest.fixture
def draw() -> Draw:
    """Draws a piece of template and parses it."""
    app = Flask("macros", root_path=str(PORTAL), template_folder="templates")
    app.config.update(SECRET_KEY="testing", BABEL_DEFAULT_LOCALE="zh_Hans_CN")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    Babel(app)

    def draw(source: str, **context: Any) -> LexborHTMLParser:
        with app.test_request_context("/here"):
            return LexborHTMLParser(render_template_string(source, **context))

    return draw


def refused() -> Sample:
    form = Sample()
    form.validate()
    return form


FIELD = '{% from "ui/form.html" import field %}{{ field(control) }}'


def test_a_field_ties_help_and_error_to_its_control(draw: Draw) -> None:
    page = draw(FIELD, control=refused().name)
    control = page.css_first("input")
    described = control.attributes["aria-describedby"].split()
    assert [page.css_first(f"#{one}").text(strip=True) for one in described] == [
        "与身份证一致",
        "请填写姓名。",
    ]
    assert control.attributes["aria-invalid"] == "true"
    assert page.css_first("label").attributes["for"] == "name"
    assert "必填" in page.css_first("label").text()


def test_a_field_in_order_claims_no_error(draw: Draw) -> None:
    control = draw(FIELD, control=Sample().name).css_first("input")
    assert "aria-invalid" not in control.attributes
    assert control.attributes["aria-describedby"] == "name-help"


def test_a_set_of_choices_is_a_fieldset_with_its_legend(draw: Draw) -> None:
    page = draw(FIELD, control=refused().stage)
    fieldset = page.css_first("fieldset")
    assert fieldset.attributes["aria-describedby"] == "stage-error"
    assert "学段" in fieldset.css_first("legend").text()
    assert len(fieldset.css("label input[type=radio]")) == 2


def test_a_tick_stands_within_its_label(draw: Draw) -> None:
    page = draw(FIELD, control=refused().agree)
    assert page.css_first("label input[type=checkbox]") is not None
    assert page.css_first("#agree-error").text(strip=True) == "请勾选。"


def test_hidden_fields_are_drawn_bare(draw: Draw) -> None:
    page = draw(FIELD, control=Sample().key)
    assert page.css_first("label") is None
    assert page.css_first("input[type=hidden]") is not None


SUMMARY = '{% from "ui/form.html" import form_errors %}{{ form_errors(form) }}'


def test_the_summary_leads_to_every_field_that_is_wrong(draw: Draw) -> None:
    links = draw(SUMMARY, form=refused()).css(".form-errors a")
    assert [link.attributes["href"] for link in links] == [
        "#name",
        "#stage-0",
        "#agree",
        "#contact-phone",
        "#lines-0",
    ]


def test_the_links_of_the_summary_arrive(draw: Draw) -> None:
    source = SUMMARY + '{% from "ui/form.html" import fields %}{{ fields(form) }}'
    page = draw(source, form=refused())
    for link in page.css(".form-errors a"):
        assert page.css_first(str(link.attributes["href"])) is not None


def test_the_summary_is_silent_when_nothing_is_wrong(draw: Draw) -> None:
    form = Form()
    form.validate()
    assert draw(SUMMARY, form=form).css_first(".form-errors") is None


TABLE = """{% from "ui/table.html" import data_table %}
{{ data_table(rows, [{"key": "name", "label": "姓名", "kind": "head"},
  {"key": "score", "label": "得分", "kind": "number"}],
  caption="名单", empty="没有人") }}"""


def test_a_table_keeps_its_roles_where_it_becomes_cards(draw: Draw) -> None:
    page = draw(TABLE, rows=[{"name": "陈思齐", "score": None}])
    assert page.css_first("tbody th").attributes["role"] == "rowheader"
    cell = page.css_first("td")
    assert cell.attributes["data-label"] == "得分"
    assert cell.text(strip=True) == "—"


def test_a_table_without_rows_is_its_empty_state(draw: Draw) -> None:
    page = draw(TABLE, rows=[])
    assert page.css_first("table") is None
    assert "没有人" in page.body.text()


def test_what_people_wrote_is_escaped_everywhere(draw: Draw) -> None:
    page = draw(TABLE, rows=[{"name": "<script>alert(1)</script>", "score": 1}])
    assert page.css_first("tbody script") is None
    text = '{% from "ui/prose.html" import plain_text %}{{ plain_text(text) }}'
    assert draw(text, text="<img src=x onerror=a>").css_first(".prose img") is None


def test_plain_text_keeps_its_paragraphs(draw: Draw) -> None:
    text = '{% from "ui/prose.html" import plain_text %}{{ plain_text(text) }}'
    assert len(draw(text, text="一\r\n二\n\n三").css("p")) == 3


PAGER = """{% from "ui/pager.html" import pager %}
{% macro url(n) %}?page={{ n }}{% endmacro %}
{{ pager(page, count, url, total=total) }}"""


def test_a_pager_names_the_ends_and_the_neighbours(draw: Draw) -> None:
    page = draw(PAGER, page=6, count=12, total=None)
    numbers = [item.text(strip=True) for item in page.css(".pager-number")]
    assert numbers == ["1", "…", "5", "6", "7", "…", "12"]
    assert page.css_first("[aria-current=page]").text() == "6"
    assert page.css_first("[rel=next]").attributes["href"] == "?page=7"


def test_one_page_needs_no_pager(draw: Draw) -> None:
    assert draw(PAGER, page=1, count=1, total=None).css_first("nav") is None


CHART = """{% from "ui/chart.html" import chart_weeks %}
{{ chart_weeks("c", "各周提交", weeks, series,
  top=90, target=81, target_label="目标") }}"""
STATES = (
    *("filled", "accepted", "late", "missed", "returned"),
    *("exempt", "draft", "open", "held", "future"),
)
SERIES = [
    {"label": "按时", "kind": "accent"},
    {"label": "迟交", "kind": "warn"},
    {"label": "未交", "kind": "muted"},
]


def test_a_chart_says_in_its_table_what_it_shows(draw: Draw) -> None:
    weeks = [{"label": "1", "title": "第 1 周", "parts": [45, 0, 45]}]
    page = draw(CHART, weeks=weeks, series=SERIES)
    cells = [cell.text(strip=True) for cell in page.css("tbody th, tbody td")]
    assert cells == ["第 1 周", "45", "0", "45", "90"]
    bars = page.css(".chart-bar rect")
    assert [bar.attributes["height"] for bar in bars] == ["50.00%", "50.00%"]
    assert page.css_first(".chart-top").text() == "45"


def test_a_chart_without_figures_draws_no_bar(draw: Draw) -> None:
    weeks = [{"label": "1", "parts": [0, 0, 0]}]
    source = CHART.replace("top=90, target=81, ", "")
    assert draw(source, weeks=weeks, series=SERIES).css(".chart-bar rect") == []


def test_every_state_of_a_week_has_its_word(draw: Draw) -> None:
    source = '{% from "ui/week.html" import week_strip %}{{ week_strip(weeks, "周") }}'
    weeks = [{"label": str(n), "state": state} for n, state in enumerate(STATES)]
    words = [
        one.text(strip=True) for one in draw(source, weeks=weeks).css(".week-state")
    ]
    assert len(words) == 10
    assert len(set(words)) == 10


def test_a_moment_is_in_its_tag_exactly(draw: Draw) -> None:
    source = '{% from "ui/time.html" import time_tag %}{{ time_tag(at) }}'
    page = draw(source, at=datetime(2026, 11, 22, 13, 30, tzinfo=UTC))
    assert page.css_first("time").attributes["datetime"] == "2026-11-22T13:30:00+00:00"
    assert draw(source, at=None).body.text(strip=True) == "—"


def test_a_deed_beside_a_row_is_a_post_with_its_token(draw: Draw) -> None:
    source = (
        '{% from "ui/button.html" import post_button %}'
        '{{ post_button("移除", "/x", fields={"id": 7}) }}'
    )
    form = draw(source).css_first("form")
    assert form.attributes["method"] == "post"
    assert form.css_first("[name=csrf_token]").attributes["value"] == "token"
    assert form.css_first("[name=id]").attributes["value"] == "7"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_template_has_anything_inline(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|\|\s*safe", source) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", source) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_chinese_words_have_chinese_punctuation(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r".{6}[\u4e00-\u9fff][,;:?!()].{0,6}", source) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_word_for_people_can_be_translated(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    source = re.sub(r"ngettext\((['\"]).*?\1, \1.*?\1", "", source)
    source = re.sub(r"_\((['\"]).*?\1", "", source)
    if path.name != "styleguide.html":  # the samples are people's own words
        assert re.findall(r"[\u4e00-\u9fff]+", source) == []
