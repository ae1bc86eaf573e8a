"""Working a scheme out on the records of a spreadsheet."""

from dataclasses import dataclass
from datetime import tzinfo

from portal.records.reading import Read
from portal.records.terms import Who
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet


@dataclass(frozen=True)
class Tried:
    """What somebody's records come to."""

    who: Who
    sheet: Sheet


def work_out(rules: Scheme, read: Read, zone: tzinfo) -> list[Tried]:
    """The sheet of everybody whose records could be read, the highest first."""
    tried = [
        Tried(who, evaluate(rules, facts, zone=zone))
        for who, facts in read.facts().items()
    ]
    return sorted(tried, key=lambda each: (-each.sheet.total, each.who.key))
