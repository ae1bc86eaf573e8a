"""The rules of a scheme as rows of a table, and the effect of a change as one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.schemes import effects
from portal.schemes.documents.scheme import load_template, read_scheme, template_names
from portal.schemes.effects import Effect
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.models import SchemeVersion
from portal.schemes.samples import Portrait
from portal.schemes.service import rules_of
from portal.schemes.views.blueprint import names_of
from portal.schemes.words.rules import describe
from portal.schemes.words.sheets import words_of
from portal.web import actor, session, tenant
from portal.workshops.models import Workshop

PORTRAITS: Mapping[Portrait, LazyString] = {
    Portrait.ALL: _l("样例甲：样样做到"),
    Portrait.HALF: _l("样例乙：做了一半"),
    Portrait.LITTLE: _l("样例丙：做得很少"),
    Portrait.LATE: _l("样例丁：都做了，都迟交"),
}


def rows_of(rules: Rules) -> list[dict[str, Any]]:
    """A row for each item, in the order of the scheme."""
    names = names_of(rules)
    depths: dict[str | None, int] = {None: -1}
    rows = []
    for item, parent in rules.walk():
        depths[item.id] = depths[parent] + 1
        rows.append(
            {
                "item": item,
                "title": words_of(item.title),
                "note": words_of(item.note) if item.note else "",
                "part": parent is not None,
                "depth": depths[item.id],
                "rules": describe(item, names),
                "unseen": [words_of(clause) for clause in item.unseen],
            }
        )
    return rows


def unseen_of(rules: Rules) -> list[str]:
    """Every clause that the source did not show, of the scheme and of its items."""
    whole = [words_of(clause) for clause in rules.unseen]
    return whole + [clause for row in rows_of(rules) for clause in row["unseen"]]


def base_of(version: SchemeVersion) -> tuple[str, Rules] | None:
    """What a draft is compared with: the version before it, else its template."""
    earlier = [each for each in version.scheme.versions if each.number < version.number]
    if earlier:
        last = earlier[-1]
        return _("第 %(number)s 版", number=last.number), rules_of(last)
    if version.template in template_names():
        return _("模板"), read_scheme(load_template(version.template))
    return None


def effect_of(
    version: SchemeVersion, before: Rules | None, after: Rules
) -> tuple[Workshop | None, list[Effect]]:
    """The effect on learners of a workshop that uses the scheme, else on samples."""
    zone = tenant().zone
    found = effects.some_learners(session(), actor(), version.scheme)
    if found is None:
        return None, effects.on_invented(before, after, zone)
    workshop, people = found
    return workshop, effects.on_people(people, before, after, zone)


def who(effect: Effect) -> str:
    """The name of a learner, or of a kind of learner."""
    if isinstance(effect.who, Portrait):
        return str(PORTRAITS[effect.who])
    return effect.who
