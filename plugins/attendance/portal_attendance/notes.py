"""Notes of participants (研修笔记): a text, or photos of the notebook. Pure.

They are handed in as any text of the portal: drafts save themselves, files are
attached, the leader accepts or returns with a remark, and the core reports the fact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from portal.api import (
    Form,
    Grade,
    HandIn,
    Measures,
    Sample,
    SampleKind,
    Settings,
    Slot,
    Span,
    SubmissionRules,
    SubmissionState,
)
from portal.api import gettext as _
from portal.api import lazy_gettext as _l

KEY = "notes"
LONGEST = 60_000
"""Characters of a raw text: a bound for the server."""


class NotesForm(Form):
    """What one took away from the event."""

    text = TextAreaField(
        _l("笔记"),
        validators=[
            Optional(),
            Length(max=LONGEST, message=_l("笔记太长，请分开保存。")),
        ],
        description=_l("写下听到的、想到的，或者在下面附上笔记本的照片。"),
    )


def answer_form(settings: Settings) -> type[Form] | None:
    """The form where notes are taken; None where they are not."""
    return NotesForm if settings["notes"] != "no" else None


def rules(settings: Settings) -> SubmissionRules:
    """The least length, for which a picture stands; lateness is not told apart."""
    return replace(
        SubmissionRules.from_settings(settings),
        min_length=settings["notes_least"],
        picture_suffices=True,
    )


def slots(settings: Settings, span: Span) -> Sequence[Slot]:
    """One, from the start of the event to some days after its end."""
    if settings["notes"] == "no":
        return []
    due = span.ends + timedelta(days=settings["notes_days"])
    return [
        Slot(
            key=KEY,
            title=_l("研修笔记"),
            opens=span.starts,
            due=due,
            closes=due,
            required=settings["notes"] == "owed",
        )
    ]


def grade(hand_in: HandIn) -> Grade:
    """Notes that were not copied are whole: the core measures them on handing in."""
    if hand_in.state is SubmissionState.REJECTED:
        return Grade(Decimal(0), _("与已有文章雷同，不计入。"))
    return Grade(Decimal(1))


def measures(hand_in: HandIn) -> Measures:
    """One set of notes, and how long it is."""
    return {"notes": 1, "characters": hand_in.length}


def samples() -> Iterable[Sample]:
    """Notes that say something, copied ones, and ones too long for anybody."""
    text = "专家把一节课拆成三个问题：学生已经会什么，卡在哪里，怎样看得见进步。" * 10
    asked = {"notes": "owed"}
    yield Sample(SampleKind.PASSING, {"text": text}, asked, expected=Grade(Decimal(1)))
    yield Sample(
        SampleKind.FAILING,
        {"text": text},
        asked,
        {"state": SubmissionState.REJECTED},
        expected=Grade(Decimal(0), _("与已有文章雷同，不计入。")),
    )
    yield Sample(SampleKind.INVALID, {"text": "长" * (LONGEST + 1)}, asked)
