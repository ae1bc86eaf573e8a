"""An item as it was typed, put back into its document.

What the form does not know is kept as it stands. Numbers go back as they were typed:
the scheme's reader takes or refuses them, and its errors find their field here.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.schemes.forms.item import OWN_MINUTES, STEP_TITLES
from portal.schemes.forms.item_typed import CHOICES, NUMBERS, Data
from portal.schemes.forms.rows import Path, kept, number_of, tidy

MAIN = {"cap": "limit", "late": "rungs", "void": "what", "less": "what"}
"""The field that stands for a whole step; else the first of its numbers."""

STAGES = re.compile(r"[\d\s,、;~至到\-–—]+")


def written_item(data: Mapping[str, Any], stored: Mapping[str, Any]) -> Data:
    """The item that was typed; `data` has no blank rows."""
    item = dict(stored)
    write_label(item, data, "title", needed=True)
    write_label(item, data, "note")
    write_label(item, data, "unit")
    if data.get("aside"):
        item["aside"] = True
    else:
        item.pop("aside", None)
    if "items" not in stored:
        old = stored.get("counts", [])
        item["counts"] = [_source(row, old) for row in data["counts"]]
    steps = [_step(row, stored.get("steps", [])) for row in data["steps"]]
    gates = [_gate(row, stored.get("gates", [])) for row in data["gates"]]
    put(item, "steps", [step for step in steps if step])
    put(item, "gates", gates)
    settled = {row["was"] for row in data["unseen"] if row["settled"]}
    clauses = enumerate(stored.get("unseen", []))
    put(item, "unseen", [clause for n, clause in clauses if str(n) not in settled])
    return item


def put(holder: Data, key: str, value: Any) -> None:
    """Set a key, or take it out where there is nothing to say."""
    if value in ("", [], {}):
        holder.pop(key, None)
    else:
        holder[key] = value


def write_label(
    holder: Data, data: Mapping[str, Any], key: str, *, needed: bool = False
) -> None:
    zh, en = tidy_words(data.get(key)), tidy_words(data.get(f"{key}_en"))
    before = holder.get(key) or {}
    if not zh and not needed:
        holder.pop(key, None)
        return
    label = {**before, "zh": zh, "en": en or zh}
    if label["en"] != before.get("en"):
        label.pop("en_one", None)
    holder[key] = label


def tidy_words(text: str | None) -> str:
    """Words without space around; their signs are the writer's."""
    return (text or "").strip()


def _source(row: Mapping[str, Any], stored: list[Any]) -> Data:
    source = kept(row, stored)
    source["source"], source["measure"] = pair(row["what"])
    write_label(source, {"title": row["title"], **_english(source, row)}, "title")
    put(source, "times", number_of(row["times"]))
    put(source, "stages", _stages(row["stages"]))
    minimums = dict(source.get("at_least", {}))
    minimums.pop(next(iter(minimums), ""), None)
    first = {row["least_of"] or source["measure"]: number_of(row["least"])}
    put(source, "at_least", (first if tidy(row["least"]) else {}) | minimums)
    return source


def _english(source: Mapping[str, Any], row: Mapping[str, Any]) -> Data:
    """The English name of a source, which stays as long as the Chinese one does."""
    before = source.get("title") or {}
    same = before.get("zh") == tidy_words(row["title"])
    return {"title_en": before.get("en", "") if same else ""}


def _gate(row: Mapping[str, Any], stored: list[Any]) -> Data:
    gate = kept(row, stored)
    gate |= {"of": row["of"], "at_least": number_of(row["at_least"])}
    put(gate, "stages", _stages(row["stages"]))
    return gate


def pair(what: str) -> tuple[str, str]:
    source, _, measure = (what or "").partition("|")
    return source, measure


def _stages(text: str | None) -> list[int] | str:
    """`2、4-6` as a list; what cannot be read as it was typed, to be refused."""
    plain = tidy(text)
    if not STAGES.fullmatch(plain):
        return plain
    found: list[int] = []
    for part in re.split(r"[\s,、;]+", plain):
        ends = [int(each) for each in re.findall(r"[0-9]{1,3}", part)]
        if len(ends) == 2:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return sorted(set(found)) or plain


def _step(row: Mapping[str, Any], stored: list[Any]) -> Data:
    kind = row["do"]
    before = kept(row, stored)
    if before.get("do") != kind:
        before = {}
    if kind not in STEP_TITLES:
        return before
    step = {**before, "do": kind}
    for key in NUMBERS[kind]:
        put(step, key, number_of(row[key]))
    for key, usual in CHOICES.get(kind, {}).items():
        if row[key] != usual or key in step:
            step[key] = row[key]
    OWN.get(kind, _nothing_more)(step, row)
    return step


def _late(step: Data, row: Mapping[str, Any]) -> None:
    step["rungs"] = [
        {
            "up_to_minutes": _minutes(rung["amount"], rung["scale"]),
            "factor": number_of(rung["factor"]),
        }
        for rung in row["rungs"]
    ]


def _minutes(amount: str | None, scale: str) -> int | str:
    plain = tidy(amount)
    try:
        minutes = Decimal(plain) * OWN_MINUTES.get(scale, 1)
    except InvalidOperation:
        return plain
    return number_of(format(minutes.normalize(), "f")) if minutes.is_finite() else plain


def _cap(step: Data, row: Mapping[str, Any]) -> None:
    step.pop("limits", None)
    if row["limits"]:
        step.pop("limit", None)
        limits = row["limits"]
        step["limits"] = {tidy(r["stage"]): number_of(r["limit"]) for r in limits}
        step["per"] = "stage"


def _source_of(step: Data, row: Mapping[str, Any]) -> None:
    step["source"], step["measure"] = pair(row["what"])


def _nothing_more(step: Data, row: Mapping[str, Any]) -> None:
    """A step whose numbers and choices are all there is."""


OWN: Mapping[str, Callable[[Data, Mapping[str, Any]], None]] = {
    "late": _late,
    "cap": _cap,
    "void": _source_of,
    "less": _source_of,
}


def form_path(path: Path, data: Mapping[str, Any]) -> Path:
    """The field of the form for a place within the item; empty for the item itself."""
    match path:
        case (str(key), "en"):
            return (f"{key}_en",)
        case ("counts", int(row), "source" | "measure", *_):
            return ("counts", row, "what")
        case ("counts", int(row), "at_least", *_):
            return ("counts", row, "least")
        case ("steps", int(row), "source" | "measure"):
            return ("steps", row, "what")
        case ("steps", int(row), "rungs", int(rung), "up_to_minutes"):
            return ("steps", row, "rungs", rung, "amount")
        case ("steps", int(row), "limits", *_):
            return ("steps", row, "limits")
        case ("steps", int(row)) if row < len(data["steps"]):
            return ("steps", row, _main(data["steps"][row]["do"]))
        case _:
            return path


def _main(kind: str) -> str:
    return MAIN.get(kind) or next(iter(NUMBERS.get(kind, ())), "do")
