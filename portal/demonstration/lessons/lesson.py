"""What one lesson of a textbook gives a journal to tell."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """The material of one lesson, in phrases that fit into any sentence pattern.

    ``goal``, ``activities``, ``mistakes`` and ``checks`` are what pupils do (verb
    phrases without a subject), ``remedies`` is what the teacher does, ``hard`` and
    ``material`` name a thing, ``sayings`` are a pupil's own words without the closing
    stop. ``title`` carries its own 《》 or “”.
    """

    grade: int
    title: str
    goal: str
    hard: str
    material: str
    activities: tuple[str, ...]
    mistakes: tuple[str, ...]
    sayings: tuple[str, ...]
    checks: tuple[str, ...]
    remedies: tuple[str, ...]
