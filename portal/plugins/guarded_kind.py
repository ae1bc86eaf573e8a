"""An activity type as the core calls it: every method of it under the guard.

The core asks a type for slots, forms and grades in many places. Each of them gets
the type from `portal.plugins.pages.kind_of`, so none can forget the guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, cast

from wtforms import Form

from portal.activity import (
    ActivityType,
    Answer,
    Evidence,
    Grade,
    Slot,
    SubmissionRules,
)
from portal.plugins.manager import PluginManager


def _is_form(value: object) -> bool:
    return value is None or (isinstance(value, type) and issubclass(value, Form))


def _are_slots(value: object) -> bool:
    return isinstance(value, Sequence) and all(isinstance(one, Slot) for one in value)


def _is(*kinds: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kinds)


FITTING: Mapping[str, Callable[[object], bool]] = {
    "rules": _is(SubmissionRules),
    "slots": _are_slots,
    "answer_form": _is_form,
    "form_of": _is_form,
    "rules_of": _is(SubmissionRules),
    "view": _is(Mapping),
    "take_in": _is(Answer),
    "grade": _is(Grade, type(None)),
    "combine": _is(Grade, type(None)),
    "measures": _is(Mapping),
    "evidence": _is(Evidence),
    "read_settings": _is(Mapping),
}
"""What each method may answer. Another answer is the plugin's failure, not ours."""


class GuardedKind:
    """Stands before a type: what it raises becomes `PluginFailed`."""

    def __init__(self, plugins: PluginManager, plugin: str, kind: ActivityType) -> None:
        self._plugins = plugins
        self._plugin = plugin
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._kind, name)
        if not callable(found) or isinstance(found, type):
            return found

        @wraps(found)
        def run(*arguments: Any, **named: Any) -> Any:
            with self._plugins.guarded(self._plugin):
                answer = found(*arguments, **named)
                if isinstance(answer, Iterator):
                    answer = list(answer)
                if not FITTING.get(name, _is(object))(answer):
                    raise TypeError(f"{name} answered {answer!r}")
                return answer

        return run


def guarded_kind(
    plugins: PluginManager, plugin: str, kind: ActivityType
) -> ActivityType:
    """The type with the guard before it."""
    return cast(ActivityType, GuardedKind(plugins, plugin, kind))
