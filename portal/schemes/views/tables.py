"""The rules of a scheme as rows of a table, and the effect of a change as one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.schemes import effects
from portal.schemes.documents.scheme import load_template, read_scheme, template_names
from portal.schemes.effects import Effect
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Rounding, Shows
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.models import SchemeVersion
from portal.schemes.samples import Portrait
from portal.schemes.service import rules_of
from portal.schemes.words.honours import describe_honours
from portal.schemes.words.rules import describe
from portal.schemes.words.sheets import words_of
from portal.schemes.words.sources import names_in
from portal.web import actor, session, tenant
from portal.workshops.models import Workshop

PORTRAITS: Mapping[Portrait, LazyString] = {
    Portrait.ALL: _l("样例甲：样样做到"),
    Portrait.HALF: _l("样例乙：做了一半"),
    Portrait.LITTLE: _l("样例丙：做得很少"),
    Portrait.LATE: _l("样例丁：都做了，都迟交"),
}


def in_words(rules: Rules) -> dict[str, Any]:
    """All that a page shows of the rules: the items, what passes, who is honoured."""
    return {
        "rules": rules,
        "rows": rows_of(rules),
        "most": most_of(rules),
        "limits": limits_of(rules),
        "honours": describe_honours(rules, names_in(rules)),
        "clauses": [words_of(clause) for clause in rules.unseen],
    }


def most_of(rules: Rules) -> str:
    """What the highest marks of all items come to, in words; empty without marks."""
    tops = [i.most for i in rules.items if not (i.aside or i.is_amount)]
    fixed = [top for top in tops if top is not None]
    if not tops:
        return ""
    if len(fixed) < len(tops):
        return _("有的项目不封顶，各项合计没有上限。")
    return _("各项最高分合计 %(mark)s 分。", mark=plain(sum(fixed, Decimal(0))))


def limits_of(rules: Rules) -> list[tuple[str, str]]:
    """What passes and which bands there are, as names and words."""
    pairs = []
    if rules.pass_mark is not None:
        mark = plain(rules.pass_mark)
        pairs.append((_("合格线"), _("%(mark)s 分", mark=mark)))
    if rules.cap is not None:
        pairs.append((_("总分封顶"), _("%(mark)s 分", mark=plain(rules.cap))))
    pairs += [
        (words_of(band.title), _("%(mark)s 分起", mark=plain(band.at_least)))
        for band in rules.bands
    ]
    if rules.shows is Shows.LEVELS:
        pairs.append((_("学员看到什么"), _("只看等级")))
    if rules.rounding is Rounding.WHOLE:
        pairs.append((_("怎样看是否达线"), _("先四舍五入到整数")))
    return pairs


def rows_of(rules: Rules) -> list[dict[str, Any]]:
    """A row for each item, in the order of the scheme."""
    names = names_in(rules)
    depths: dict[str | None, int] = {None: -1}
    beside: dict[str | None, list[str]] = {}
    for item, parent in rules.walk():
        beside.setdefault(parent, []).append(item.id)
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
                "first": beside[parent][0] == item.id,
                "last": beside[parent][-1] == item.id,
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
