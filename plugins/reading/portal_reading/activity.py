"""Reading as an activity type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from portal.api import (
    ActivityContext,
    ActivityType,
    Answer,
    Form,
    Grade,
    HandIn,
    HandInSettingsForm,
    Json,
    NotFound,
    Permission,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionState,
    TextForm,
    altered,
    requires,
)
from portal.api import lazy_gettext as _l
from portal_reading.books import STATES, books_of, shelf_of

pages = Blueprint("reading", __name__)


class ReadingSettings(HandInSettingsForm):
    """What is read, beside the settings of every text."""

    required = TextAreaField(
        _l("必读书目"),
        default="",
        description=_l("每行一本：书名 / 作者。文章也可以。"),
    )
    free = TextAreaField(
        _l("自选书目"),
        default="",
        description=_l("写法相同，老师放上书架的才要写心得。"),
    )
    prompts = TextAreaField(
        _l("写作提示"), default="", description=_l("写心得时显示在正文上方。")
    )


class Reading(ActivityType):
    """One reflection a book. Whether it is good a person says; that it came, we say."""

    name = "reading"
    title = _l("读书心得")
    icon = "book"
    template = "reading/view.html"
    settings_form = ReadingSettings
    blueprint = pages

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One slot a book, or one for a book of one's own where none is listed."""
        whole = super().slots(settings, span, personal)[0]
        books, shelf = books_of(settings), personal.get("shelf", {})
        owed = {key: book.required or key in shelf for key, book in books.items()}
        return [
            replace(whole, key=key, title=str(book), required=owed[key])
            for key, book in books.items()
        ] or [whole]

    def answer_form(self, settings: Settings) -> type[Form]:
        """One text, below the leader's prompts."""

        class Reflection(TextForm):
            text = altered(TextForm.text, description=settings["prompts"])

        return Reflection

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """The list, and how far the reader is with the books on the shelf."""
        books = list(books_of(ctx.settings).values())
        return {"books": books, "shelf": shelf_of(ctx), "states": STATES}

    def grade(self, settings: Settings, answer: Answer, hand_in: HandIn) -> Grade:
        """A reflection that came is whole, until somebody marks it."""
        return Grade(Decimal(1))

    def samples(self) -> Iterable[Sample]:
        """A reflection that passes, a copied one, and an empty one."""
        text = "读到“倾听”一章，想起自己总是急着让学生说出标准答案。" * 5
        books = {"required": "静悄悄的革命 / 佐藤学", "free": "教学勇气 / 帕尔默"}
        copied: Json = {"state": SubmissionState.REJECTED}
        whole = Grade(Decimal(1))
        yield Sample(SampleKind.PASSING, {"text": text}, books, expected=whole)
        yield Sample(SampleKind.FAILING, {"text": text}, books, copied, whole)
        yield Sample(SampleKind.INVALID, {"text": ""}, books)


@pages.post("/shelf/<book>/<state>")
@requires(Permission.PARTICIPATE)
def put(ctx: ActivityContext, book: str, state: str) -> ResponseReturnValue:
    """Put a book on the shelf, move it on, or (`off`) take a free one down."""
    if book not in books_of(ctx.settings) or state not in (*STATES, "off"):
        raise NotFound
    shelf = {**ctx.personal.get("shelf", {}), book: state}
    kept = {key: each for key, each in shelf.items() if each != "off"}
    ctx.save_personal({"shelf": kept})
    return redirect(ctx.activity.url, 303)
