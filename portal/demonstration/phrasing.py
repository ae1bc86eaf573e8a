"""Sentence patterns with choices and slots.

``[甲|乙]`` stands for one of the alternatives, ``{slot}`` for a word or phrase that the
writer supplies. Each slot holds a hand of phrases and gives each away once, so that no
phrase comes twice in a text; a pattern is only used while its slots can be filled.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")

_TIDY = (
    (re.compile(r"([?!？！])。”"), r"\1”"),
    (re.compile(r"([?!？！])”，"), r"\1”"),
    (re.compile(r"([A-Za-z])。”"), r"\1.”"),
)
"""Repairs where a quotation's own end meets the sentence's."""


class Hand:
    """Phrases by slot. A slot with a single string gives it as often as asked."""

    def __init__(self, rng: Random, phrases: Mapping[str, str | Sequence[str]]) -> None:
        self._fixed = {k: v for k, v in phrases.items() if isinstance(v, str)}
        self._left = {
            slot: rng.sample(choices, len(choices))
            for slot, choices in phrases.items()
            if not isinstance(choices, str)
        }

    def fills(self, pattern: str) -> bool:
        """Whether every slot that ``pattern`` may use has a phrase left."""
        return all(
            slot in self._fixed or self._left.get(slot)
            for slot in _SLOT.findall(pattern)
        )

    def draw(self, slot: str) -> str:
        """The next phrase of ``slot``. Raises IndexError when none is left."""
        fixed = self._fixed.get(slot)
        return self._left[slot].pop() if fixed is None else fixed


def phrase(rng: Random, patterns: Sequence[str], hand: Hand) -> str:
    """One sentence from a pattern of ``patterns`` that ``hand`` can still fill.

    Raises IndexError when it can fill none.
    """
    chosen = rng.choice([pattern for pattern in patterns if hand.fills(pattern)])
    plain = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), chosen)
    drawn = {slot: hand.draw(slot) for slot in dict.fromkeys(_SLOT.findall(plain))}
    sentence = plain.format_map(drawn)
    for fault, repair in _TIDY:
        sentence = fault.sub(repair, sentence)
    return sentence
