"""Closing a workshop (结班): what it is worth, who has a claim, who has none."""

from collections.abc import Sequence

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access import requires
from portal.credits import queries, service, worth
from portal.credits.candidates import candidates
from portal.credits.closing import make_claims
from portal.credits.forms import NothingForm, WorthForm
from portal.credits.models import CreditCategory, CreditRule
from portal.credits.views.blueprint import blueprint, page, refusing_into, telling
from portal.credits.worth import Worth
from portal.permissions import Permission, can, visible
from portal.schemes.engine.marks import plain
from portal.web import actor, go_to, session, user
from portal.workshops.forms import options
from portal.workshops.models import Workshop, WorkshopState
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import workshop_for
from portal.workshops.views.following import follow_up_url

P = Permission

workshop_link(
    WorkshopLink("credits.closing", _l("结班与学分"), P.EDIT_WORKSHOP, "scale", 40)
)

MADE = frozenset({WorkshopState.CLOSED, WorkshopState.ARCHIVED})


@blueprint.get("/workshops/<int:workshop_id>/closing")
@requires(P.EDIT_WORKSHOP)
def closing(workshop_id: int) -> ResponseReturnValue:
    """Before: who would have a claim. Afterwards: the claims and how far they are."""
    workshop = workshop_for(session(), actor(), workshop_id, P.EDIT_WORKSHOP)
    rule = worth.rule_of(session(), workshop)
    event = queries.event_of(session(), workshop)
    people = candidates(session(), workshop)
    claims = queries.claims_in(session(), actor(), event) if event else []
    claimed = {claim.user_id for claim in claims}
    return page(
        "closing.html",
        workshop=workshop,
        rule=rule,
        gaps=[str(code) for code in worth.gaps(workshop, rule)] if rule else [],
        event=event,
        claims=claims,
        people=[one for one in people if one.user.id not in claimed],
        closed=workshop.state in MADE,
        may_close=can(actor(), P.MANAGE_PROJECTS, workshop),
        follow_up_url=follow_up_url(workshop),
    )


@blueprint.post("/workshops/<int:workshop_id>/closing")
@requires(P.MANAGE_PROJECTS)
def close(workshop_id: int) -> ResponseReturnValue:
    """Close the workshop; where it has closed, look again who has a claim."""
    NothingForm()
    workshop = workshop_for(session(), actor(), workshop_id, P.MANAGE_PROJECTS)
    with telling():
        if workshop.state in MADE:
            made = make_claims(session(), workshop, by_id=user().id)
        else:
            made = service.close_workshop(session(), workshop, by_id=user().id)
        flash(_told(len(made.claimed)) if made.event_id else _("工作坊已结班。"), "ok")
    return go_to("credits.closing", workshop_id=workshop.id)


def _told(claims: int) -> str:
    return ngettext(
        "已结班，%(num)s 份学分申报在办理。",
        "已结班，%(num)s 份学分申报在办理。",
        claims,
    )


@blueprint.route("/workshops/<int:workshop_id>/worth", methods=["GET", "POST"])
@requires(P.MANAGE_PROJECTS)
def set_worth(workshop_id: int) -> ResponseReturnValue:
    """Say what the workshop is worth, and what must be said of the training."""
    workshop = workshop_for(session(), actor(), workshop_id, P.MANAGE_PROJECTS)
    rule = worth.rule_of(session(), workshop)
    form = WorthForm(**_as_typed(rule))
    form.same_as_id.choices = options(
        ((one.id, one.title) for one in _others(workshop)), none=_("没有")
    )
    if form.validate_on_submit():
        assert form.hours.amount is not None
        assert form.credits.amount is not None
        with refusing_into(form):
            worth.set_rule(
                session(),
                workshop,
                Worth(
                    hours=form.hours.amount,
                    credits=form.credits.amount,
                    category=CreditCategory(form.category.data),
                    lecturer=form.lecturer.data or "",
                    place=form.place.data or "",
                    same_as_id=form.same_as_id.data,
                ),
                by_id=user().id,
            )
            if workshop.state in MADE:
                make_claims(session(), workshop, by_id=user().id)
        if not form.errors:
            flash(_("已保存：结班后按这里的学时学分申报。"), "ok")
            return go_to("credits.closing", workshop_id=workshop.id)
    return page(
        "worth.html",
        form,
        workshop=workshop,
        breadcrumbs=[
            (workshop.title, url_for("workshops.workshop", workshop_id=workshop.id)),
            (_("结班与学分"), url_for("credits.closing", workshop_id=workshop.id)),
        ],
    )


def _as_typed(rule: CreditRule | None) -> dict[str, object]:
    """What the form shows at first."""
    if rule is None:
        return {}
    return {
        "hours": plain(rule.hours),
        "credits": plain(rule.credits),
        "category": rule.category,
        "lecturer": rule.lecturer,
        "place": rule.place,
        "same_as_id": rule.same_as_id,
    }


def _others(workshop: Workshop) -> Sequence[Workshop]:
    """The workshops that may be the same training."""
    return (
        session()
        .scalars(
            visible(actor(), Workshop, P.MANAGE_PROJECTS)
            .where(Workshop.id != workshop.id)
            .order_by(Workshop.starts_at.desc(), Workshop.id)
            .limit(200)
        )
        .all()
    )
