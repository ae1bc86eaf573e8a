"""Who may take a seat (feature F042): a rule over what the roster knows. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from portal.api import STAGES, SUBJECTS, TITLES, TREE_ROLES, Profile, Words
from portal.api import gettext as _
from portal.api import lazy_gettext as _l

TIERS: Mapping[str, Words] = {
    "new": _l("新任教师"),
    "young": _l("青年教师"),
    "backbone": _l("骨干教师"),
    "leader": _l("学科带头人"),
    "master": _l("名师"),
}
"""教师梯队， by the codes of the roster."""

WORDS: Mapping[str, Mapping[str, Words]] = {
    "stages": STAGES.words,
    "subjects": SUBJECTS.words,
    "titles": TITLES.words,
    "tiers": TIERS,
    "posts": TREE_ROLES,
}
"""What each part of a rule can ask for, in the order in which people read it."""

PARTS: Mapping[str, Words] = {
    "stages": _l("学段"),
    "subjects": _l("学科"),
    "titles": _l("职称"),
    "tiers": _l("教师梯队"),
    "posts": _l("职务"),
}


@dataclass(frozen=True)
class Rule:
    """Codes of which a person has one, part by part; an empty part asks nothing."""

    stages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Rule:
        """The rule as it is kept; what is not known any more asks nothing."""
        return cls(**{one.name: tuple(kept.get(one.name, ())) for one in fields(cls)})

    def as_json(self) -> dict[str, list[str]]:
        """The rule as it is kept."""
        return {part: list(codes) for part, codes in asdict(self).items() if codes}


@dataclass(frozen=True)
class Lack:
    """A part of a rule that a person does not meet: what they have, what it asks."""

    part: str
    has: tuple[str, ...]
    wanted: tuple[str, ...]


def lacks(rule: Rule, profile: Profile) -> Sequence[Lack]:
    """The parts of the rule that the person does not meet, all of them."""
    has = {
        "stages": (profile.stage,),
        "subjects": (profile.subject,),
        "titles": (profile.title,),
        "tiers": (profile.tier,),
        "posts": profile.roles,
    }
    return [
        Lack(part, tuple(filter(None, has[part])), wanted)
        for part, wanted in asdict(rule).items()
        if wanted and not set(wanted) & set(has[part])
    ]


def in_words(rule: Rule) -> str:
    """What the rule asks, for a person to read."""
    asked = [_words(part, codes) for part, codes in asdict(rule).items() if codes]
    return _("；").join(asked) if asked else _("本校教师都可以")


def reason(lack: Lack) -> str:
    """Why a person may not take the seat, in a sentence."""
    wanted = _words(lack.part, lack.wanted)
    if not lack.has:
        return _(
            "这个名额要求%(wanted)s，名册里没有登记这位教师的%(part)s",
            wanted=wanted,
            part=PARTS[lack.part],
        )
    has = _words(lack.part, lack.has)
    return _("这个名额要求%(wanted)s，这位教师是%(has)s", wanted=wanted, has=has)


def _words(part: str, codes: Sequence[str]) -> str:
    known = WORDS[part]
    return _("、").join(str(known.get(code, code)) for code in codes)
