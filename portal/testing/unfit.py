"""Plugins that are admitted and work, and still fail the kit: one for each check.

They are written to a folder as pip would install them, so the kit finds them as it
finds every plugin: `write(FIT, folder)` and `PYTHONPATH=folder`. Each differs from the
fit one in a line or two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.testing.running import write_metadata

INIT = '''\
"""A plugin with everything a plugin may have."""

from decimal import Decimal

from flask import Blueprint
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from portal.api import (
    ActivityType,
    Form,
    Fragment,
    Grade,
    HandInSettingsForm,
    Permission,
    Place,
    Sample,
    SampleKind,
    hookimpl,
    requires,
)
from portal_fit.models import Base

pages = Blueprint("pages", __name__)


@pages.get("/marks")
@requires(Permission.READ_SUBMISSIONS)
def marks(ctx):
    return "no marks"


class AnswerForm(Form):
    text = TextAreaField("正文", validators=[InputRequired("还没有写内容。")])


class FitSettings(HandInSettingsForm):
    rounds = IntegerField("轮数", default=2, validators=[NumberRange(1, 9)])


class Fit(ActivityType):
    name = "fit"
    title = "合格插件"
    template = "fit/view.html"
    settings_form = FitSettings
    base = Base
    blueprint = pages

    def answer_form(self, settings):
        return AnswerForm

    def view(self, ctx):
        return {"rounds": ctx.settings["rounds"]}

    def grade(self, settings, answer, hand_in):
        return Grade(Decimal(int(hand_in.length >= 10)))

    def samples(self):
        enough, short = "今天的课上得很顺利，学生都听懂了。", "今天上课"
        yield Sample(SampleKind.PASSING, {"text": enough}, expected=Grade(Decimal(1)))
        yield Sample(SampleKind.FAILING, {"text": short}, expected=Grade(Decimal(0)))
        yield Sample(SampleKind.INVALID, {"text": ""})


fit = Fit()


@hookimpl
def portal_activity_types():
    return [fit]


@hookimpl
def portal_fill_place(place, page):
    if place is not Place.DASHBOARD or not page.activities("fit"):
        return None
    return Fragment("fit/dashboard.html")
'''

MODELS = """\
from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.api import activity_key, model_base, person

Base = model_base("fit")


class Mark(Base):
    __tablename__ = "fit_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = activity_key()
    user_id: Mapped[int] = person("owner")
    remark: Mapped[str] = mapped_column(Text)
"""

MIGRATION = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "fit_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name="fk_fit_mark_activity_id_activity",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name="fk_fit_mark_user_id_user",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fit_mark"),
    )
    op.create_index("ix_fit_mark_activity_id", "fit_mark", ["activity_id"])
    op.create_index("ix_fit_mark_user_id", "fit_mark", ["user_id"])


def downgrade():
    op.drop_table("fit_mark")
"""

VIEW = """\
{% extends "activity/page.html" %}
{% block activity %}<p>一共 {{ rounds }} 轮</p>{% endblock %}
"""

FILES = {
    "__init__.py": INIT,
    "models.py": MODELS,
    "migrations/0001_first.py": MIGRATION,
    "templates/fit/view.html": VIEW,
    "templates/fit/dashboard.html": "<p>合格插件</p>\n",
}


@dataclass(frozen=True)
class Unfit:
    """A plugin that fails one check, by its number: `"k05"`.

    `changes` are file, what stands there in the fit one, and what stands here.
    """

    name: str
    check: str
    changes: Sequence[tuple[str, str, str]] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    """Further files."""
    requires: str = "teacher-portal>=0.1,<1"


FIT = Unfit("fit", "")
"""The one that passes."""

_VIEW = '        return {"rounds"'
_ASKS_EACH = """\
        for enrolment in ctx.session.scalars(text("SELECT id FROM enrolment")).all():
            ctx.session.scalar(text(f"SELECT role FROM enrolment WHERE id={enrolment}"))
"""
_COMPLETE = """\
    def is_complete(self, settings, grade, hand_in):
        return grade is not None and grade.score == 1

"""
_PLACE = "    if place is not Place.DASHBOARD"
_AT_HOME = """\
    if place is Place.DASHBOARD and not page.activities("fit"):
        raise LookupError
"""

UNFIT = (
    Unfit(
        "back_door",
        "k01",
        [("models.py", "\nBase =", "from portal.db import db\n\nBase =")],
    ),
    Unfit("unbounded", "k01", requires="teacher-portal>=0.1"),
    Unfit("stray", "k02", more={"templates/view.html": "<p>谁的页面</p>\n"}),
    Unfit(
        "unicorn",
        "k02",
        [("__init__.py", "    base = Base", '    icon = "unicorn"\n    base = Base')],
    ),
    Unfit(
        "moody",
        "k03",
        [
            (
                "__init__.py",
                "\nfrom decimal",
                "\nfrom time import time_ns\nfrom decimal",
            ),
            ("__init__.py", ">= 10)))", ">= 10)), str(time_ns()))"),
        ],
    ),
    Unfit("own_default", "k04", [("__init__.py", "default=2", "default=12")]),
    Unfit(
        "inline",
        "k05",
        [("templates/fit/view.html", "<p>", '<p style="color: red">')],
    ),
    Unfit(
        "asks_each",
        "k05",
        [
            (
                "__init__.py",
                "from wtforms import",
                "from sqlalchemy import text\nfrom wtforms import",
            ),
            ("__init__.py", _VIEW, _ASKS_EACH + _VIEW),
        ],
    ),
    Unfit(
        "takes_all",
        "k06",
        [("__init__.py", ', validators=[InputRequired("还没有写内容。")])', ")")],
    ),
    Unfit(
        "keeps_mark",
        "k07",
        [("__init__.py", "    def samples", _COMPLETE + "    def samples")],
    ),
    Unfit(
        "presumes",
        "k08",
        [("__init__.py", 'return "no marks"', "return ctx.submissions()[0].key")],
    ),
    Unfit(
        "binary",
        "k09",
        [
            (
                "models.py",
                "str] = mapped_column(Text)",
                "bytes] = mapped_column(LargeBinary)",
            ),
            ("migrations/0001_first.py", "sa.Text()", "sa.LargeBinary()"),
        ],
    ),
    Unfit(
        "drifts",
        "k10",
        [("models.py", "    remark", "    stars: Mapped[int]\n    remark")],
    ),
    Unfit("at_home", "k14", [("__init__.py", _PLACE, _AT_HOME + _PLACE)]),
)
"""One or two for each check, which fail exactly that one."""


def write(unfit: Unfit, folder: Path) -> None:
    """Install the plugin into a folder, as pip lays it out.

    Raises:
        LookupError: a change does not find what it is to change.
    """
    files = FILES | dict(unfit.more)
    for name, old, new in unfit.changes:
        if old not in files[name]:
            raise LookupError(f"{unfit.name}: {name} does not say {old!r}")
        files[name] = files[name].replace(old, new, 1)
    for name, content in files.items():
        own = name.replace("/fit/", f"/{unfit.name}/")
        path = folder / f"portal_{unfit.name}" / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_renamed(content, unfit.name), "utf-8")
    write_metadata(
        folder,
        unfit.name,
        distribution=f"portal-{unfit.name}",
        version="1.0",
        requires=unfit.requires,
    )


def _renamed(text: str, name: str) -> str:
    """The text with the fit plugin's name replaced wherever it is a name."""
    for before, after in (
        ("portal_fit", f"portal_{name}"),
        ('"fit', f'"{name}'),
        ("_fit_mark", f"_{name}_mark"),
    ):
        text = text.replace(before, after)
    return text
