"""The contract in words: what `portal.api` exports and the hooks, line by line.

A copy is frozen in `tests/contract.txt`; what changes there is a change for every
plugin in the world, and stands in CHANGES.md under *Plugins* (architecture §14).
`python -m portal.testing.contract` prints it.
"""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from portal import api, hookspecs


def lines() -> Iterator[str]:
    """Every name with what it takes and holds, in a stable order."""
    for name in sorted(api.__all__):
        yield from _of(name, getattr(api, name))
    for name, hook in sorted(vars(hookspecs).items()):
        if name.startswith("portal_"):
            yield f"hook {name}{_signature(hook)}"


def _of(name: str, value: Any) -> Iterator[str]:
    if not inspect.isclass(value):
        callable_here = inspect.isfunction(value)
        yield f"{name}{_signature(value)}" if callable_here else name
    elif value.__module__.split(".")[0] != "portal":
        yield f"class {name} of {value.__module__.split('.')[0]}"
    else:
        yield f"class {name}"
        yield from (f"  {line}" for line in _members(value))


def _members(kind: type) -> Iterator[str]:
    if issubclass(kind, Enum):
        yield from (f"{member.name} = {member.value!r}" for member in kind)
        return
    if is_dataclass(kind):
        for field in fields(kind):
            needed = field.default is MISSING and field.default_factory is MISSING
            yield f"{field.name}: {_type(field.type)}{'' if needed else ' = …'}"
    elif not _is_form(kind):
        for name, annotation in inspect.get_annotations(kind).items():
            yield f"{name}: {_type(annotation)}"
    for name, member in sorted(vars(kind).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"{name} -> {_returns(member.fget)}"
        elif isinstance(member, classmethod):
            yield f"classmethod {name}{_signature(member.__func__)}"
        elif inspect.isfunction(member):
            yield f"{name}{_signature(member)}"
        elif _is_form(kind):
            yield f"field {name}"


def _is_form(kind: type) -> bool:
    return issubclass(kind, api.Form)


def _returns(function: Any) -> str:
    return _type(inspect.get_annotations(function).get("return", ""))


def _type(annotation: Any) -> str:
    """As it is written: some modules keep their annotations as text, some do not."""
    if isinstance(annotation, type):
        return annotation.__name__
    return str(annotation)


def _signature(function: Any) -> str:
    found = inspect.signature(function)
    bare = [
        f"{'*, ' if _first_named(found, one) else ''}{_argument(one)}"
        for one in found.parameters.values()
    ]
    return f"({', '.join(bare)})"


def _first_named(found: inspect.Signature, one: inspect.Parameter) -> bool:
    named = [p for p in found.parameters.values() if p.kind is p.KEYWORD_ONLY]
    return bool(named) and named[0] is one


def _argument(one: inspect.Parameter) -> str:
    stars = "*" * (one.kind is one.VAR_POSITIONAL) + "**" * (
        one.kind is one.VAR_KEYWORD
    )
    given = "" if one.default is one.empty else "=…"
    return f"{stars}{one.name}{given}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
