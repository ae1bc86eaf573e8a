"""K3: samples of each kind, judged as they say, without a database, twice the same."""

import pytest

from portal.activity import ActivityType, SampleKind
from portal.testing.trying import (
    answer_of,
    form_of,
    grade_of,
    hand_in_of,
    samples_of,
    settings_for,
)

JUDGED = (SampleKind.PASSING, SampleKind.FAILING)


@pytest.fixture
def takes_something(kind: ActivityType) -> bool:
    """Whether there is anything to hand in, and so anything to prove."""
    settings = kind.read_settings({}, kind.settings_version)
    return kind.answer_form(settings) is not None


@pytest.mark.parametrize("which", SampleKind)
def test_there_is_a_sample_of_each_kind(
    kind: ActivityType, which: SampleKind, takes_something: bool
) -> None:
    assert samples_of(kind, which) or not takes_something


@pytest.mark.parametrize("which", JUDGED)
def test_samples_are_graded_as_they_say(kind: ActivityType, which: SampleKind) -> None:
    for sample in samples_of(kind, which):
        assert grade_of(kind, sample) == sample.expected


@pytest.mark.parametrize("which", JUDGED)
def test_a_grade_is_the_same_the_second_time(
    kind: ActivityType, which: SampleKind
) -> None:
    for sample in samples_of(kind, which):
        answer = answer_of(kind, sample)
        circumstances = hand_in_of(kind, sample, answer)
        settings = settings_for(kind, sample)
        grades = [kind.grade(settings, answer, circumstances) for _ in range(3)]

        assert grades == grades[:1] * 3


def test_a_passing_sample_completes_and_a_failing_one_does_not(
    kind: ActivityType,
) -> None:
    for which in JUDGED:
        for sample in samples_of(kind, which):
            grade = grade_of(kind, sample)
            if grade is None:
                continue  # a person must judge it
            circumstances = hand_in_of(kind, sample, answer_of(kind, sample))
            done = kind.is_complete(settings_for(kind, sample), grade, circumstances)

            assert done or which is SampleKind.FAILING
            assert not done or which is SampleKind.PASSING


def test_measures_are_the_declared_ones(kind: ActivityType) -> None:
    declared = {measure.name for measure in kind.reports}
    for sample in samples_of(kind, SampleKind.PASSING):
        answer, grade = answer_of(kind, sample), grade_of(kind, sample)
        if grade is None:
            continue
        circumstances = hand_in_of(kind, sample, answer)
        settings = settings_for(kind, sample)

        assert set(kind.measures(settings, answer, grade, circumstances)) <= declared


def test_slots_are_the_same_the_second_time(kind: ActivityType) -> None:
    from portal.testing.trying import SPAN

    settings = kind.read_settings({}, kind.settings_version)
    slots = list(kind.slots(settings, SPAN, {}))

    assert [(s.key, s.due) for s in slots] == [
        (s.key, s.due) for s in kind.slots(settings, SPAN, {})
    ]
    assert len({slot.key for slot in slots}) == len(slots)


def test_every_invalid_sample_has_something_that_the_form_can_refuse(
    kind: ActivityType,
) -> None:
    for sample in samples_of(kind, SampleKind.INVALID):
        assert set(sample.data) <= set(form_of(kind, sample)._fields)
