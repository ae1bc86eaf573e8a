"""The deeds on the rows of an item's form before anything is saved."""

from collections.abc import Mapping
from typing import Any

from portal.schemes.documents.reading import MOST_MEMBERS
from portal.schemes.forms.item import STEP_TITLES
from portal.schemes.forms.item_typed import blank_step
from portal.schemes.forms.rows import PLACE

Data = dict[str, Any]

DEEDS = ("more", "add-step", "up-step", "down-step", "drop-step")


def asked(do: str) -> tuple[str, int] | None:
    """The deed that a button asks for, with the row it speaks of; None for saving."""
    name, _, row = do.rpartition("-")
    if do in {"more", "add-step"}:
        return do, 0
    if name in DEEDS and PLACE.fullmatch(row):
        return name, int(row)
    return None


def arranged(data: Mapping[str, Any], deed: str, row: int) -> Data:
    """What was typed, with a step added, moved or taken out."""
    steps = list(data["steps"])
    if deed == "add-step" and data["add"] in STEP_TITLES and len(steps) < MOST_MEMBERS:
        steps.append(blank_step(data["add"]))
    elif row >= len(steps):
        pass
    elif deed == "drop-step":
        del steps[row]
    elif deed == "up-step" and row > 0:
        steps[row - 1], steps[row] = steps[row], steps[row - 1]
    elif deed == "down-step" and row + 1 < len(steps):
        steps[row + 1], steps[row] = steps[row], steps[row + 1]
    return {**data, "steps": steps}
