"""Deliberately bad plugins, one for each way to be bad, and a good one beside them.

They live in memory and come in through entry points of their own, so a test can
inject any of them: `create_app(entry_points=[GOOD.entry_point, ...])`. A `Broken`
says what must come of it: a fault at admission, or a failure in use that stays
inside the plugin.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.orm import Session
from wtforms import Form, TextAreaField
from wtforms.validators import InputRequired

from portal.activity import (
    ActivityContext,
    ActivityType,
    Answer,
    Fragment,
    Grade,
    HandIn,
    Place,
    Sample,
    SampleKind,
    Settings,
)
from portal.events import Event
from portal.hookspecs import hookimpl
from portal.plugins.admission import FaultCode

FOLDER = Path(__file__).with_name("broken_plugins")
"""Holds `templates/<plugin>/view.html`, for all of them together."""


class Mischief(Exception):
    """What a broken plugin raises."""


@dataclass(frozen=True)
class FakeDistribution:
    """A distribution that is installed nowhere."""

    name: str
    version: str = "1.0"
    requires: tuple[str, ...] = ("teacher-portal>=0.1,<1",)


@dataclass(frozen=True)
class FakeEntryPoint:
    """An entry point whose package is made when it is loaded."""

    name: str
    make: Callable[[str], object]
    requires: tuple[str, ...] = ("teacher-portal>=0.1,<1",)
    package: str = ""

    @property
    def value(self) -> str:
        """The package's name."""
        return self.package or f"portal_{self.name}"

    @property
    def dist(self) -> FakeDistribution:
        """The distribution, named as first-party plugins name theirs."""
        return FakeDistribution(f"portal-{self.name}", requires=self.requires)

    def load(self) -> object:
        """Make the package."""
        return self.make(self.value)


@dataclass(frozen=True)
class Broken:
    """A bad plugin. `fault` is None where it is admitted and fails only in use."""

    entry_point: FakeEntryPoint
    fault: FaultCode | None = None

    @property
    def name(self) -> str:
        """The plugin's name, which is also that of its activity type."""
        return self.entry_point.name


class AnswerForm(Form):
    """One text."""

    text = TextAreaField("正文", validators=[InputRequired()])


class GoodType(ActivityType):
    """A type with nothing wrong, which the others spoil in one thing each."""

    name: ClassVar[str] = "good"
    title = "好插件"
    template: ClassVar[str] = "good/view.html"

    def answer_form(self, settings: Settings) -> type[Form]:
        """One text."""
        return AnswerForm

    def grade(
        self, settings: Settings, answer: Answer, hand_in: HandIn
    ) -> Grade | None:
        """Ten characters are enough."""
        return Grade(Decimal(int(hand_in.length >= 10)))

    def samples(self) -> Iterable[Sample]:
        """One of each kind."""
        enough, short = "今天的课上得很顺利学生都懂了", "今天上课"
        yield Sample(SampleKind.PASSING, {"text": enough}, expected=Grade(Decimal(1)))
        yield Sample(SampleKind.FAILING, {"text": short}, expected=Grade(Decimal(0)))
        yield Sample(SampleKind.INVALID, {"text": ""})


def make_type(name: str, **members: Any) -> ActivityType:
    """A good type of this name, but for the members given."""
    own = {"name": name, "template": f"{name}/view.html"} | members
    kind: type[ActivityType] = type("MadeType", (GoodType,), own)
    return kind()


def make_package(package: str, *kinds: ActivityType, **members: Any) -> ModuleType:
    """A package with these activity types and further module members."""
    module = ModuleType(package)
    module.__file__ = str(FOLDER / "__init__.py")

    @hookimpl
    def portal_activity_types() -> Iterable[ActivityType]:
        return kinds

    module.__dict__.update(portal_activity_types=portal_activity_types)
    module.__dict__.update(members)
    return module


def entry_point(name: str, *kinds: ActivityType, **members: Any) -> FakeEntryPoint:
    """An entry point of a package with a good type of its name, or those given."""
    types = kinds or (make_type(name),)
    return FakeEntryPoint(
        name, lambda package: make_package(package, *types, **members)
    )


def _raise(*_args: object, **_kwargs: object) -> Any:
    raise Mischief("on purpose")


def _import_error(_package: str) -> object:
    raise ImportError("No module named 'portal_display'")


def _exit(_package: str) -> object:
    sys.exit("leaving at import")


def _recurse(package: str) -> object:
    return _recurse(package)


@hookimpl
def portal_fill_plaice(place: Place) -> Fragment | None:
    """A hook that there is none of."""


@hookimpl(specname="portal_fill_place")
def _takes_too_much(place: Place, colour: str) -> Fragment | None:
    """Asks for an argument that the hook has not."""


@hookimpl(specname="portal_fill_place", wrapper=True)
def _wraps(place: Place) -> Any:
    return (yield)


@hookimpl(specname="portal_fill_place", tryfirst=True)
def _pushes_in(place: Place) -> Fragment | None:
    """Wants to stand before all others."""


@hookimpl(specname="portal_fill_place", trylast=True)
def _hangs_back(place: Place) -> Fragment | None:
    """Wants to stand behind all others."""


@hookimpl(specname="portal_jobs")
def _jobs_that_are_none() -> Iterable[Any]:
    return ["tidy"]


@hookimpl(specname="portal_jobs")
def _jobs_that_fail() -> Iterable[Any]:
    raise Mischief("on purpose")


@hookimpl(specname="portal_fill_place")
def _fills_place(place: Place) -> Fragment | None:
    return Fragment("fills_place/fragment.html", {"words": "好插件的片段"})


@hookimpl(specname="portal_fill_place")
def _raises_in_place(place: Place) -> Fragment | None:
    raise Mischief("on purpose")


@hookimpl(specname="portal_fill_place")
def _renders_badly(place: Place) -> Fragment | None:
    return Fragment("bad_fragment/fragment.html")


@hookimpl(specname="portal_fill_place")
def _borrows(place: Place) -> Fragment | None:
    return Fragment("base.html")


@hookimpl(specname="portal_on_event")
def _raises_on_event(event: Event) -> None:
    raise Mischief("on purpose")


@hookimpl(specname="portal_on_event")
def _commits(session: Session) -> None:
    session.commit()


@hookimpl(specname="portal_on_event")
def _rolls_back(session: Session) -> None:
    session.rollback()


@hookimpl(specname="portal_on_event")
def _writes_half(session: Session) -> None:
    """Changes every tenant's name, then asks for a table that there is none of."""
    session.execute(text("UPDATE tenant SET name = 'half-written'"))
    session.execute(text("SELECT * FROM there_is_no_such_table"))


@hookimpl(specname="portal_activity_types")
def _fails_to_list() -> Iterable[ActivityType]:
    yield make_type("types_raise")
    raise Mischief("on purpose")


def _undeclared_page() -> ActivityType:
    blueprint = Blueprint("undeclared_page", __name__)
    blueprint.add_url_rule("/secret", "secret", lambda: "secret")
    return make_type("undeclared_page", blueprint=blueprint)


def _no_template() -> ActivityType:
    return make_type("no_template", template="")


class _Namesake(GoodType):
    """Bears a name that only a wrong package would bear."""

    name = "good"


class _BadHandwriting(GoodType):
    """Fails in a way that a clock brings out, to be told from plain raising."""

    name = "bad_slots"
    template = "bad_slots/view.html"

    def slots(self, *_args: Any) -> Any:
        """A slot without a time zone."""
        return [datetime.now()]  # noqa: DTZ005 — that is the mischief


def _view_exits(self: ActivityType, ctx: ActivityContext) -> Any:
    sys.exit("leaving a page")


GOOD = Broken(entry_point("good"))
FILLS_PLACE = Broken(entry_point("fills_place", fill=_fills_place))

AT_ADMISSION = (
    Broken(FakeEntryPoint("import_error", _import_error), FaultCode.LOAD_FAILED),
    Broken(FakeEntryPoint("exit_at_import", _exit), FaultCode.LOAD_FAILED),
    Broken(FakeEntryPoint("recursion", _recurse), FaultCode.LOAD_FAILED),
    Broken(FakeEntryPoint("no_module", lambda _: object()), FaultCode.NOT_A_PACKAGE),
    Broken(entry_point("Bad-Name"), FaultCode.BAD_NAME),
    Broken(
        entry_point("misspelt", portal_fill_plaice=portal_fill_plaice),
        FaultCode.UNKNOWN_HOOK,
    ),
    Broken(entry_point("too_much", fill=_takes_too_much), FaultCode.UNKNOWN_HOOK),
    Broken(entry_point("wrapper", fill=_wraps), FaultCode.REORDERED_HOOK),
    Broken(entry_point("bad_jobs", jobs=_jobs_that_are_none), FaultCode.BAD_JOB),
    Broken(entry_point("no_jobs", jobs=_jobs_that_fail), FaultCode.BAD_JOB),
    Broken(entry_point("tryfirst", fill=_pushes_in), FaultCode.REORDERED_HOOK),
    Broken(entry_point("trylast", fill=_hangs_back), FaultCode.REORDERED_HOOK),
    Broken(
        FakeEntryPoint("too_new", make_package, ("teacher-portal>=99",)),
        FaultCode.WRONG_PORTAL,
    ),
    Broken(
        FakeEntryPoint("garbled", make_package, ("teacher-portal ~~ 1",)),
        FaultCode.WRONG_PORTAL,
    ),
    Broken(
        FakeEntryPoint("undeclared", make_package, ("Flask>=3",)),
        FaultCode.UNDECLARED_PORTAL,
    ),
    Broken(entry_point("thief", _Namesake()), FaultCode.BAD_TYPE),
    Broken(
        entry_point("twins", make_type("twins"), make_type("twins")),
        FaultCode.STOLEN_TYPE,
    ),
    Broken(entry_point("no_template", _no_template()), FaultCode.BAD_TYPE),
    Broken(
        entry_point("types_raise", portal_activity_types=_fails_to_list),
        FaultCode.TYPES_FAILED,
    ),
    Broken(
        entry_point("undeclared_page", _undeclared_page()), FaultCode.UNDECLARED_PAGE
    ),
)
"""Those that are quarantined at start-up."""

IN_ACTIVITY = (
    Broken(entry_point("bad_grade", make_type("bad_grade", grade=_raise))),
    Broken(entry_point("bad_view", make_type("bad_view", view=_raise))),
    Broken(entry_point("view_exits", make_type("view_exits", view=_view_exits))),
    Broken(entry_point("bad_form", make_type("bad_form", answer_form=_raise))),
    Broken(entry_point("bad_template", make_type("bad_template"))),
    Broken(entry_point("bad_slots", _BadHandwriting())),
)
"""Those whose activity fails, politely."""

IN_PLACE = (
    Broken(entry_point("bad_place", fill=_raises_in_place)),
    Broken(entry_point("bad_fragment", fill=_renders_badly)),
    Broken(entry_point("borrows", fill=_borrows)),
)
"""Those whose fragment is left out."""

ON_EVENT = (
    Broken(entry_point("bad_event", hear=_raises_on_event)),
    Broken(entry_point("commits", hear=_commits)),
    Broken(entry_point("rolls_back", hear=_rolls_back)),
    Broken(entry_point("writes_half", hear=_writes_half)),
)
"""Those that fail when they hear of an event, and must leave nothing behind."""

ALL = AT_ADMISSION + IN_ACTIVITY + IN_PLACE + ON_EVENT
