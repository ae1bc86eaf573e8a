"""An item of a document as its form shows it, with a blank row at each end."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.schemes.forms.item import OWN_MINUTES, STEP_TITLES
from portal.schemes.forms.rows import and_blank, tidy

Data = dict[str, Any]

NUMBERS: Mapping[str, tuple[str, ...]] = {
    "price": ("unit", "points", "start", "base"),
    "shortfall": ("target", "points", "unit", "minus", "floor"),
    "deduct": ("points", "unit", "minus", "floor"),
    "cliff": ("at_least",),
    "cap": ("limit",),
    "highest": ("keep", "others"),
    "void": ("at_least",),
    "less": ("unit", "minus", "floor"),
    "late": (),
}
"""The numbers of each kind of step that the form knows."""

CHOICES: Mapping[str, Mapping[str, str]] = {
    "price": {"count": "exact", "per": "all"},
    "shortfall": {"count": "whole"},
    "deduct": {"count": "whole"},
    "less": {"count": "whole"},
    "cliff": {"per": "all"},
    "cap": {"per": "all"},
    "highest": {"per": "all"},
}
"""Its choices, with what holds where the document says nothing."""

SPEAK_OF_SOURCE = ("void", "less")
"""The kinds of step that look at facts of their own."""


def blank_step(kind: str) -> Data:
    """What the form of a new step begins with."""
    return {"was": "", "do": kind, **CHOICES.get(kind, {})}


# From the document


def typed_item(item: Mapping[str, Any]) -> Data:
    """What the form shows of an item."""
    return {
        **typed_label(item, "title"),
        **typed_label(item, "note"),
        **typed_label(item, "unit"),
        "aside": bool(item.get("aside")),
        "counts": [_typed_source(*each) for each in enumerate(item.get("counts", []))],
        "steps": [_typed_step(*each) for each in enumerate(item.get("steps", []))],
        "gates": [_typed_gate(*each) for each in enumerate(item.get("gates", []))],
        "unseen": [{"was": str(n)} for n, _ in enumerate(item.get("unseen", []))],
    }


def typed_label(holder: Mapping[str, Any], key: str) -> Data:
    label = holder.get(key) or {}
    zh, en = label.get("zh", ""), label.get("en", "")
    return {key: zh, f"{key}_en": "" if en == zh else en}


def _typed_source(index: int, source: Mapping[str, Any]) -> Data:
    least = next(iter(source.get("at_least", {}).items()), ("", ""))
    return {
        "was": str(index),
        "what": f"{source['source']}|{source['measure']}",
        "title": (source.get("title") or {}).get("zh", ""),
        "times": text_of(source.get("times")),
        "stages": _typed_stages(source),
        "least_of": least[0],
        "least": text_of(least[1]),
    }


def _typed_gate(index: int, gate: Mapping[str, Any]) -> Data:
    return {
        "was": str(index),
        "of": gate["of"],
        "at_least": text_of(gate["at_least"]),
        "stages": _typed_stages(gate),
    }


def _typed_stages(holder: Mapping[str, Any]) -> str:
    """Stages as a person writes them: `1、4-6`."""
    runs: list[list[int]] = []
    for stage in sorted(holder.get("stages", [])):
        if runs and stage == runs[-1][-1] + 1:
            runs[-1].append(stage)
        else:
            runs.append([stage])
    return "、".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else "、".join(map(str, run))
        for run in runs
    )


def _typed_step(index: int, step: Mapping[str, Any]) -> Data:
    kind = step["do"]
    data = {"was": str(index), "do": kind}
    if kind not in STEP_TITLES:
        return data
    for key in NUMBERS[kind]:
        data[key] = text_of(step.get(key))
    for key, usual in CHOICES.get(kind, {}).items():
        data[key] = step.get(key, usual)
    if kind in SPEAK_OF_SOURCE:
        data["what"] = f"{step['source']}|{step['measure']}"
    rungs = [_typed_rung(rung) for rung in step.get("rungs", [])]
    limits = [
        {"stage": stage, "limit": text_of(limit)}
        for stage, limit in step.get("limits", {}).items()
    ]
    return {**data, "rungs": rungs, "limits": limits}


def _typed_rung(rung: Mapping[str, Any]) -> Data:
    minutes, factor = Decimal(str(rung["up_to_minutes"])), text_of(rung["factor"])
    scale = next(
        name
        for name, size in sorted(OWN_MINUTES.items(), key=lambda each: -each[1])
        if minutes % size == 0
    )
    amount = format(minutes / OWN_MINUTES[scale], "f")
    return {"amount": amount, "scale": scale, "factor": factor}


def text_of(value: object) -> str:
    return "" if value is None else str(value)


# Rows


def with_blanks(data: Mapping[str, Any]) -> Data:
    """The same with a blank row at the end of each list, to be filled in."""
    return {
        **data,
        "counts": and_blank(data.get("counts", [])),
        "gates": and_blank(data.get("gates", [])),
        "steps": [_step_with_blanks(step) for step in data.get("steps", [])],
    }


def _step_with_blanks(step: Mapping[str, Any]) -> Data:
    blanks: Data = {}
    if step["do"] == "late":
        blanks["rungs"] = and_blank(step.get("rungs", []))
    if step["do"] == "cap":
        blanks["limits"] = and_blank(step.get("limits", []))
    return {**step, **blanks}


def without_blanks(data: Mapping[str, Any]) -> Data:
    """What was typed, without rows that say nothing."""
    steps = [
        {
            **step,
            "rungs": filled(step["rungs"], "amount", "factor"),
            "limits": filled(step["limits"], "stage", "limit"),
        }
        for step in data["steps"]
    ]
    return {
        **data,
        "counts": filled(data["counts"], "what"),
        "gates": filled(data["gates"], "at_least"),
        "steps": steps,
    }


def filled(rows: Iterable[Data], *keys: str) -> list[Data]:
    return [row for row in rows if any(tidy(row.get(key)) for key in keys)]
