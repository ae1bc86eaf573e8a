"""The values and defaults of an activity type."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, Form, MultipleFileField, StringField, TextAreaField

from portal.activity import (
    Answer,
    CountsFrom,
    Evidence,
    FileRef,
    Grade,
    HandIn,
    HandInSettingsForm,
    Mark,
    SampleKind,
    Slot,
    Span,
    SubmissionRules,
    SubmissionState,
    Timing,
    problems,
)
from portal.testing.broken import GoodType, make_type

MONDAY = datetime(2024, 9, 1, 16, tzinfo=UTC)
WEEK = timedelta(days=7)
SPAN = Span(MONDAY, MONDAY + 2 * WEEK, ZoneInfo("Asia/Shanghai"))
SLOT = Slot(
    "week:2024-W36",
    "第一周",
    opens=MONDAY,
    due=MONDAY + WEEK,
    late_until=MONDAY + 2 * WEEK,
    closes=MONDAY + 3 * WEEK,
)


def hand_in(at: datetime = MONDAY, **fields: Any) -> HandIn:
    given: dict[str, Any] = {"slot": SLOT, "version": 1, "submitted_at": at}
    return HandIn(**given | {"counts_as_at": at} | fields)


@pytest.mark.parametrize(
    ("after", "timing", "minutes"),
    [
        (WEEK - timedelta(microseconds=1), Timing.IN_TIME, 0),
        (WEEK, Timing.LATE, 0),
        (WEEK + timedelta(seconds=1), Timing.LATE, 1),
        (2 * WEEK, Timing.LATE, 10080),
        (2 * WEEK + timedelta(seconds=1), Timing.OVERDUE, 10081),
    ],
)
def test_a_window_excludes_its_end_and_a_late_allowance_includes_it(
    after: timedelta, timing: Timing, minutes: int
) -> None:
    handed_in = hand_in(MONDAY + after)

    assert handed_in.timing is timing
    assert handed_in.late_minutes == minutes


def test_at_the_border_it_is_late_by_nothing_which_is_not_in_time() -> None:
    assert hand_in(SLOT.due).late_by == timedelta(0)
    assert hand_in(SLOT.due - timedelta(microseconds=1)).late_by is None


def test_the_time_that_counts_decides_and_not_the_time_of_submission() -> None:
    resubmitted = hand_in(MONDAY + 10 * WEEK, counts_as_at=MONDAY)

    assert resubmitted.timing is Timing.IN_TIME


def test_a_slot_without_late_time_is_overdue_once_it_is_due() -> None:
    slot = Slot("once", "一次", opens=MONDAY, due=SPAN.ends, closes=SPAN.ends)

    assert slot.timing(SPAN.ends) is Timing.OVERDUE
    assert not slot.takes(SPAN.ends)


def test_a_slot_takes_what_comes_from_its_opening_until_it_closes() -> None:
    assert not SLOT.takes(SLOT.opens - timedelta(seconds=1))
    assert SLOT.takes(SLOT.opens)
    assert SLOT.takes(SLOT.closes - timedelta(seconds=1))
    assert not SLOT.takes(SLOT.closes)


def test_a_slot_that_closes_with_its_late_time_still_takes_the_last_moment() -> None:
    end = SPAN.ends
    slot = Slot("once", "一次", opens=MONDAY, due=SLOT.due, late_until=end, closes=end)

    assert slot.takes(end)
    assert not slot.takes(end + timedelta(microseconds=1))


def test_a_repeated_slot_names_each_hand_in() -> None:
    slot = Slot("week:1", "周", opens=MONDAY, due=SLOT.due, closes=SLOT.due, repeat=3)

    assert slot.keys == ("week:1", "week:1/2", "week:1/3")


@pytest.mark.parametrize(
    ("fields", "owed"),
    [({}, True), ({"exempt": True}, False), ({"required": False}, False)],
)
def test_only_what_is_required_and_not_exempt_is_owed(
    fields: dict[str, bool], owed: bool
) -> None:
    slot = Slot("once", "", opens=MONDAY, due=SLOT.due, closes=SLOT.due, **fields)

    assert slot.owed is owed


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "Week 36"},
        {"key": "week:"},
        {"key": "week:" + "x" * 60},
        {"due": MONDAY},
        {"closes": MONDAY + timedelta(days=1)},
        {"late_until": MONDAY},
        {"repeat": 0},
        {"opens": datetime(2024, 9, 1)},  # noqa: DTZ001 — the point of the test
    ],
)
def test_a_slot_that_makes_no_sense_cannot_be_made(fields: dict[str, Any]) -> None:
    sound = {"key": "once", "title": "", "opens": MONDAY, "due": SLOT.due}

    with pytest.raises(ValueError):  # noqa: PT011 — each has words of its own
        Slot(**{**sound, "closes": SLOT.due, **fields})


def test_a_span_ends_after_it_starts_and_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Span(MONDAY, MONDAY, SPAN.zone)


@pytest.mark.parametrize("score", ["-0.01", "1.01", "NaN", "Infinity"])
def test_a_score_outside_0_and_1_cannot_be_made(score: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Grade(Decimal(score))


@pytest.mark.parametrize("score", [0.5, 1, None])
def test_a_score_is_a_decimal(score: Any) -> None:
    with pytest.raises(TypeError):
        Grade(score)


def test_evidence_over_sixteen_kilobytes_is_refused() -> None:
    Evidence({"text": "字" * 5000})

    with pytest.raises(ValueError, match="over the 16384"):
        Evidence({"text": "字" * 6000})


scores = st.decimals(min_value=0, max_value=1, places=4)


@given(st.lists(scores, min_size=1, max_size=9), st.randoms())
def test_the_mean_of_marks_lies_among_them_in_any_order(
    given_scores: list[Decimal], random: Any
) -> None:
    marks = [Mark(MONDAY, score) for score in given_scores]
    shuffled = random.sample(marks, len(marks))

    combined = GoodType().combine({}, marks)

    assert combined is not None
    assert combined == GoodType().combine({}, shuffled)
    assert min(given_scores) <= combined.score <= max(given_scores)


def test_a_mark_without_a_score_leaves_the_mean_alone() -> None:
    marks = [Mark(MONDAY, Decimal("0.8")), Mark(MONDAY, remark="课堂证据充分")]

    assert GoodType().combine({}, marks) == Grade(Decimal("0.8000"))
    assert GoodType().combine({}, marks[1:]) is None


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
