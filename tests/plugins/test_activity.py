"""An activity type: its defaults, its forms, its rules and its faults."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, Form, MultipleFileField, StringField, TextAreaField

from portal.activity import (
    Answer,
    CountsFrom,
    FileRef,
    Grade,
    HandInSettingsForm,
    SampleKind,
    SubmissionRules,
    SubmissionState,
    problems,
)
from portal.testing.broken import GoodType, make_type
from tests.plugins.activities import SLOT, SPAN, WEEK, hand_in


def test_the_default_slot_is_due_when_the_span_ends() -> None:
    (slot,) = GoodType().slots({}, SPAN, {})

    assert (slot.key, slot.opens, slot.due, slot.closes) == (
        "once",
        SPAN.starts,
        SPAN.ends,
        SPAN.ends,
    )
    assert slot.late_until is None


def test_the_default_slot_stays_open_for_the_late_allowance() -> None:
    (slot,) = GoodType().slots({"late_days": 7}, SPAN, {})

    assert slot.late_until == slot.closes == SPAN.ends + WEEK


S = SubmissionState


@pytest.mark.parametrize(
    ("counts_from", "counting"),
    [
        (CountsFrom.HANDED_IN, {S.HANDED_IN, S.ACCEPTED}),
        (CountsFrom.ACCEPTED, {S.ACCEPTED}),
    ],
)
def test_the_settings_say_from_which_event_it_counts(
    counts_from: CountsFrom, counting: set[SubmissionState]
) -> None:
    kind, settings, grade = GoodType(), {"counts_from": counts_from}, Grade(Decimal(1))

    assert counting == {
        state
        for state in SubmissionState
        if kind.is_complete(settings, grade, hand_in(state=state))
    }


def test_a_score_below_the_pass_mark_or_none_does_not_complete() -> None:
    kind = GoodType()

    assert kind.is_complete({}, Grade(Decimal("0.6")), hand_in())
    assert not kind.is_complete({}, Grade(Decimal("0.5999")), hand_in())
    assert not kind.is_complete({}, None, hand_in())


def test_the_default_measures_are_the_declared_ones() -> None:
    kind = GoodType()
    late = hand_in(SLOT.due + timedelta(minutes=90), length=812)

    measures = kind.measures({}, Answer(), Grade(Decimal(1)), late)

    assert set(measures) == {measure.name for measure in kind.reports}
    assert measures == {
        "entries": 1,
        "in_time": 0,
        "late": 1,
        "late_minutes": 90,
        "characters": 812,
        "score": 1,
    }


class ReportForm(Form):
    """Fields of each kind."""

    book = StringField()
    text = TextAreaField()
    more = TextAreaField()
    cover = FileField()
    scans = MultipleFileField()


class Storage:
    """A context that only stores."""

    def store(self, file: FileStorage) -> FileRef:
        """Pretend to keep the upload."""
        return FileRef("0" * 64, file.filename or "", "image/png", 1)


def test_text_areas_are_what_was_written_and_uploads_are_stored() -> None:
    upload = FileStorage(BytesIO(b"x"), "scan.png")
    form = ReportForm(
        MultiDict(
            [
                ("book", "荷塘月色"),
                ("text", " 读后想到的 "),
                ("more", "  "),
                ("scans", upload),
            ]
        )
    )

    answer = GoodType().take_in(Storage(), form)  # type: ignore[arg-type] # only stores

    assert answer.data == {"book": "荷塘月色", "text": " 读后想到的 ", "more": "  "}
    assert answer.text == "读后想到的"
    assert [file.name for file in answer.files] == ["scan.png"]


def test_evidence_is_by_default_the_files() -> None:
    files = (FileRef("0" * 64, "scan.png", "image/png", 1),)

    found = GoodType().evidence(Answer(files=files), Grade(Decimal(1)))

    assert found.files == files


def test_settings_are_upgraded_and_filled_with_the_forms_defaults() -> None:
    class Newer(GoodType):
        settings_form = HandInSettingsForm
        settings_version = 2

        def upgrade_settings(self, old: dict[str, Any], version: int) -> dict[str, Any]:
            return {"min_length": old["least"], "upgraded_from": version}

    old = Newer().read_settings({"least": 100}, 1)
    present = Newer().read_settings({"min_length": 80}, 2)

    assert (old["min_length"], old["upgraded_from"]) == (100, 1)
    assert (present["min_length"], present["return_days"]) == (80, 7)


def test_the_rules_of_the_forms_defaults_are_the_default_rules() -> None:
    settings = HandInSettingsForm.defaults()

    assert SubmissionRules.from_settings(settings) == SubmissionRules()
    assert SubmissionRules.from_settings({}) == SubmissionRules()


def posted(**changes: str) -> MultiDict[str, str]:
    defaults = HandInSettingsForm.defaults().items()
    return MultiDict({k: "" if v is None else str(v) for k, v in defaults} | changes)


def test_an_empty_limit_is_no_limit() -> None:
    form = HandInSettingsForm(posted(max_length="", hold_percent="", reject_percent=""))

    assert form.validate(), form.errors
    rules = SubmissionRules.from_settings(form.data)
    assert rules.max_length is rules.hold_at is rules.reject_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_length": "100", "max_length": "99"}, "max_length"),
        ({"hold_percent": "60", "reject_percent": "59"}, "reject_percent"),
        ({"max_length": "many"}, "max_length"),
        ({"reject_percent": "most"}, "reject_percent"),
        ({"return_days": "-1"}, "return_days"),
        ({"counts_from": "sometime"}, "counts_from"),
    ],
)
def test_settings_that_contradict_one_another_are_refused_at_their_field(
    changes: dict[str, str], field: str
) -> None:
    form = HandInSettingsForm(posted(**changes))

    assert not form.validate()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    "fields",
    [
        {"min_length": 10, "max_length": 9},
        {"hold_at": Decimal("0.9")},
        {"min_length": -1},
        {"return_days": -1},
        {"late_allowance": timedelta(seconds=-1)},
    ],
)
def test_rules_that_contradict_one_another_cannot_be_made(
    fields: dict[str, Any],
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — each has words of its own
        SubmissionRules(**fields)


def test_the_return_window_is_in_days_of_24_hours() -> None:
    assert SubmissionRules(return_days=7).return_window == timedelta(hours=7 * 24)


def test_a_good_type_has_no_problems() -> None:
    assert not list(problems(GoodType(), "good"))
    assert not list(problems(make_type("good_talk", template="good/talk.html"), "good"))


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (GoodType, "not an instance"),
        (make_type("good", title=""), "no title"),
        (make_type("good", template=""), "no template"),
        (make_type("Good"), "not a name"),
        (make_type("good__x"), "not a name"),
        (make_type("good" + "x" * 40), "not a name"),
        (make_type("other"), "does not begin"),
        (make_type("goodness"), "does not begin"),
        (make_type("good", template="base.html"), "does not lie under"),
    ],
)
def test_a_faulty_type_is_told_what_is_wrong(kind: Any, complaint: str) -> None:
    assert complaint in " ".join(problems(kind, "good"))


def test_the_defaults_of_a_type_that_needs_nothing_more() -> None:
    kind: Any = GoodType()

    assert kind.view(None) == {}
    assert super(GoodType, kind).answer_form({}) is None
    assert kind.upgrade_settings({"least": 1}, 0) == {"least": 1}
    assert {sample.kind for sample in kind.samples()} == set(SampleKind)
