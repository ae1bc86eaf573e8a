"""Who is honoured in a workshop (评优), and why; the leader chooses of the tied."""

from collections.abc import Iterable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access import requires
from portal.audit.words import action_words
from portal.errors import Conflict, Invalid, NotFound
from portal.permissions import Permission
from portal.schemes import choosing
from portal.schemes.engine.honours import Honours, Placed, Verdict
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.forms.small import DeedForm
from portal.schemes.honouring import honours_in
from portal.schemes.models import SchemeVersion
from portal.schemes.service import marks_in, rules_of
from portal.schemes.views.blueprint import blueprint, page
from portal.schemes.views.downloads import WIDE, list_to_keep
from portal.schemes.words.honours import describe_honours, say_placed
from portal.schemes.words.sheets import words_of
from portal.schemes.words.sources import names_in
from portal.users.models import User
from portal.web import actor, go_to, session, user
from portal.words import error_sentence, error_words
from portal.workshops.models import Workshop
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import workshop_for

P = Permission

VERDICTS = {
    Verdict.HONOURED: (_l("入选"), "ok"),
    Verdict.TIED: (_l("并列待定"), "warn"),
    Verdict.BEYOND: (_l("名额之外"), "muted"),
    Verdict.BARRED: (_l("不得评优"), "danger"),
    Verdict.BELOW: (_l("未达评优分数"), "muted"),
    Verdict.UNQUALIFIED: (_l("不合格"), "muted"),
}

error_words(
    {
        "honours_not_tied": _l("并列的名单已经变了，请重新看过再选。"),
        "honours_too_many": _l("只余 %(places)s 个名额，请少选几位。"),
    }
)
action_words({"scheme.honours_chosen": _l("选定并列的评优人选")})
workshop_link(
    WorkshopLink("schemes.honours", _l("评优"), P.EDIT_WORKSHOP, "star", weight=60)
)


def _the_workshop(workshop_id: int) -> Workshop:
    return workshop_for(session(), actor(), workshop_id, P.EDIT_WORKSHOP)


@blueprint.get("/workshops/<int:workshop_id>/honours")
@requires(P.EDIT_WORKSHOP)
def honours(workshop_id: int) -> ResponseReturnValue:
    """The outcome as it stands now, everybody with the reason."""
    workshop = _the_workshop(workshop_id)
    outcome = honours_in(session(), workshop)
    if outcome is None:
        return page("no_honours.html", workshop=workshop)
    chosen = choosing.choices_in(session(), workshop)
    rules = _rules(workshop)
    rows = _rows(workshop, rules, outcome, set(chosen))
    tied = set(outcome.who(Verdict.TIED))
    return page(
        "honours.html",
        DeedForm(formdata=None),
        workshop=workshop,
        outcome=outcome,
        title=_title(rules),
        sentences=describe_honours(rules, names_in(rules)),
        honoured=[row for row in rows if row["honoured"]],
        tied=[row for row in rows if row["placed"].person in tied],
        others=[
            row
            for row in rows
            if not row["honoured"] and row["placed"].person not in tied
        ],
        choices=[
            {"row": chosen[id_], "name": name, "by": by}
            for id_, name, by in _choosers(chosen.keys() & tied, chosen)
        ],
        stale=len(chosen.keys() - tied),
        verdicts=VERDICTS,
    )


def _rules(workshop: Workshop) -> Rules:
    found = session().get(SchemeVersion, workshop.scheme_version_id)
    if found is None:
        raise NotFound
    return rules_of(found)


def _title(rules: Rules) -> str:
    titled = rules.honours.title if rules.honours else None
    return words_of(titled) if titled else _("评优")


def _rows(
    workshop: Workshop, rules: Rules, outcome: Honours, chosen: set[int]
) -> list[dict[str, Any]]:
    """Everybody in the order of the outcome, with mark and reason."""
    ids = [placed.person for placed in outcome.placed]
    people = _people(ids)
    marks = marks_in(session(), workshop, ids)[1]
    final = set(choosing.honoured(outcome, chosen))
    names = names_in(rules)

    def row(placed: Placed) -> dict[str, Any]:
        return {
            "placed": placed,
            "name": people.get(placed.person, ""),
            "mark": marks[placed.person].shown,
            "why": say_placed(placed, names),
            "honoured": placed.person in final,
            "chosen": placed.person in chosen,
        }

    return [row(placed) for placed in outcome.placed]


def _people(ids: Iterable[int]) -> dict[int, str]:
    found = select(User.id, User.name).where(User.id.in_(set(ids)))
    return dict(session().execute(found).all())


def _choosers(ids: Iterable[int], chosen: Any) -> list[tuple[int, str, str]]:
    """Who was chosen, and by whom."""
    kept = sorted(ids)
    names = _people([*kept, *(chosen[each].chosen_by_id or 0 for each in kept)])
    return [
        (each, names.get(each, ""), names.get(chosen[each].chosen_by_id or 0, ""))
        for each in kept
    ]


@blueprint.post("/workshops/<int:workshop_id>/honours")
@requires(P.EDIT_WORKSHOP)
def choose_honours(workshop_id: int) -> ResponseReturnValue:
    """Keep whom the leader chose of those who are tied."""
    workshop = _the_workshop(workshop_id)
    DeedForm()
    ids = request.form.getlist("person", type=int)
    try:
        with session().begin_nested():
            choosing.choose(session(), workshop, ids, by=user().id)
    except (Conflict, Invalid) as error:
        flash(error_sentence(error), "warn")
    else:
        flash(_("已记下选定的人选。"), "ok")
    return go_to("schemes.honours", workshop_id=workshop.id)


@blueprint.get("/workshops/<int:workshop_id>/honours.xlsx")
@requires(P.EDIT_WORKSHOP)
def honours_list(workshop_id: int) -> ResponseReturnValue:
    """The outcome as a spreadsheet; every cell is text (V09)."""
    workshop = _the_workshop(workshop_id)
    outcome = honours_in(session(), workshop)
    if outcome is None:
        return go_to("schemes.honours", workshop_id=workshop.id)
    chosen = set(choosing.choices_in(session(), workshop))
    rows = _rows(workshop, _rules(workshop), outcome, chosen)
    lines = [[_("名次"), _("姓名"), _("得分"), _("结果"), _("原因")]]
    for row in rows:
        placed = row["placed"]
        word = VERDICTS[Verdict.HONOURED if row["honoured"] else placed.verdict][0]
        rank = "" if placed.rank is None else str(placed.rank)
        lines.append([rank, row["name"], row["mark"], str(word), row["why"]])
    return list_to_keep(lines, f"honours-{workshop.id}.xlsx", last=WIDE)
