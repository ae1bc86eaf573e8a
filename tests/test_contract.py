"""The contract with plugins is frozen: a change of it is seen, and meant."""

import hashlib
from pathlib import Path

from portal import api
from portal.testing import contract

FROZEN = Path(__file__).with_name("contract.txt")
CHANGES = Path(__file__).parents[1] / "CHANGES.md"
REFERENCE = Path(__file__).parents[1] / "docs/reference/api.md"


def test_the_contract_is_the_frozen_one() -> None:
    now = "\n".join(contract.lines()) + "\n"

    assert now == FROZEN.read_text("utf-8"), (
        "The contract with plugins has changed. If that is meant, write it under "
        "*Plugins* in CHANGES.md and freeze it: python -m portal.testing.contract"
    )


def test_a_change_of_the_contract_is_told_to_authors() -> None:
    plugins = CHANGES.read_text("utf-8").split("### Plugins")[1].split("\n### ")[0]
    digest = hashlib.sha256(FROZEN.read_bytes()).hexdigest()[:12]

    assert f"(contract {digest})" in plugins, (
        "Say under *Plugins* what has changed, and which contract it is now: "
        f"(contract {digest})"
    )


def test_every_name_of_the_door_is_in_the_reference() -> None:
    page = REFERENCE.read_text("utf-8")

    assert [name for name in api.__all__ if f"`{name}" not in page] == []


def test_every_verb_of_the_context_is_in_the_reference() -> None:
    page = REFERENCE.read_text("utf-8")
    verbs = [name for name in vars(api.ActivityContext) if not name.startswith("_")]

    assert [name for name in verbs if f"`{name}" not in page] == []


def test_every_method_of_a_type_is_in_the_reference() -> None:
    page = REFERENCE.read_text("utf-8")
    own = [name for name in vars(api.ActivityType) if not name.startswith("_")]

    assert [name for name in own if f"`{name}" not in page] == []
