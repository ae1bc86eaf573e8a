"""The reference of scheme documents names every key and shows one that is real."""

import json
import re
from pathlib import Path

from portal.schemes.documents.honours import BAR_KEYS, HONOURS_KEYS, RANKED_BY
from portal.schemes.documents.items import GATE_KEYS, ITEM_KEYS, SOURCE_KEYS
from portal.schemes.documents.scheme import BAND_KEYS, SCHEME_KEYS, load_template
from portal.schemes.documents.steps import KEYS as STEP_KEYS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "schemes.md"


def test_the_reference_names_every_key() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    keys = {
        *SCHEME_KEYS,
        *ITEM_KEYS,
        *SOURCE_KEYS,
        *GATE_KEYS,
        *HONOURS_KEYS,
        *BAR_KEYS,
        *(key for keys in RANKED_BY.values() for key in keys),
        *BAND_KEYS,
        *(key for keys in STEP_KEYS.values() for part in keys for key in part),
        *STEP_KEYS,
    }
    assert sorted(key for key in keys if f"`{key}`" not in text) == []


def test_the_example_of_the_reference_is_the_template() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    assert load_template("weekly_journal") in [json.loads(block) for block in blocks]
