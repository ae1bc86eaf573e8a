"""The pages of a school's officer, who is not enrolled: naming, and substitutions."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    NotFound,
    Permission,
    PersonRef,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_attendance import eligibility, naming, seats, substitution, telling
from portal_attendance.seat_forms import SubstitutionForm
from portal_attendance.views.blueprint import blueprint, go
from portal_attendance.words import sentence


@blueprint.get("/naming")
@requires(Permission.NOMINATE)
def naming_page(ctx: ActivityContext) -> ResponseReturnValue:
    """The seats of the officer's schools, whom they named and whom they may name.

    Raises:
        NotFound: their schools have none.
    """
    found = seats.of_schools(ctx, ctx.schools())
    row = seats.list_of(ctx)
    if row is None or not found:
        raise NotFound
    locked = seats.is_locked(ctx, row)
    mine = {each.id for one in found for each in one.seats.namings}
    return render_template(
        "attendance/naming.html",
        ctx=ctx,
        row=row,
        last=seats.last_moment(row),
        locked=locked,
        found=found,
        offered={}
        if locked
        else {one.seats.id: naming.offered(ctx, one) for one in found if one.free},
        changes=[
            one for one in substitution.substitutions(ctx) if one.naming_id in mine
        ],
        replaces=locked and ctx.now < substitution.starts_at(ctx),
        starts_at=substitution.starts_at(ctx),
        in_words=eligibility.in_words,
        reason=eligibility.reason,
        opens=ctx.can(Permission.VIEW),
    )


@blueprint.post("/naming/<int:seats_id>")
@requires(Permission.NOMINATE)
def name_teacher(ctx: ActivityContext, seats_id: int) -> ResponseReturnValue:
    """Name one teacher of the school for a seat."""
    person = _candidate(ctx, request.form.get("person", 0, type=int))
    try:
        naming.name(ctx, seats_id, person)
    except (Conflict, Invalid) as error:
        flash(sentence(error), "warn")
    else:
        flash(_("%(name)s已报名。", name=person.name), "ok")
    return go(ctx, "naming_page", _anchor=f"seats-{seats_id}")


def _candidate(ctx: ActivityContext, number: int) -> PersonRef:
    for person in ctx.candidates():
        if person.id == number:
            return person
    raise NotFound


@blueprint.post("/naming/<int:seats_id>/<int:naming_id>/take-back")
@requires(Permission.NOMINATE)
def take_back_naming(
    ctx: ActivityContext, seats_id: int, naming_id: int
) -> ResponseReturnValue:
    """Take a teacher off a seat while the list is open."""
    try:
        naming.take_back(ctx, seats_id, naming_id)
    except Conflict as error:
        flash(sentence(error), "warn")
    else:
        flash(_("已撤下，空出一个名额。"), "ok")
    return go(ctx, "naming_page", _anchor=f"seats-{seats_id}")


@blueprint.get("/naming/<int:seats_id>/<int:naming_id>/substitute")
@requires(Permission.NOMINATE)
def substitute(
    ctx: ActivityContext, seats_id: int, naming_id: int
) -> ResponseReturnValue:
    """The form by which another teacher is asked for."""
    one = seats.school_seats(ctx, seats_id)
    return _form_page(ctx, one, naming_id, _form(ctx, one))


@blueprint.post("/naming/<int:seats_id>/<int:naming_id>/substitute")
@requires(Permission.NOMINATE)
@keeps_form
def ask_substitution(
    ctx: ActivityContext, seats_id: int, naming_id: int
) -> ResponseReturnValue:
    """Ask for it; somebody else decides."""
    one = seats.school_seats(ctx, seats_id)
    form = _form(ctx, one, request.form)
    if not form.validate():
        return _form_page(ctx, one, naming_id, form)
    person = _candidate(ctx, form.replacement.data)
    try:
        row = substitution.ask(ctx, seats_id, naming_id, person, form.reason.data or "")
    except (Conflict, Invalid) as error:
        form.replacement.errors = [*form.replacement.errors, sentence(error)]
        return _form_page(ctx, one, naming_id, form)
    telling.tell_of_request(ctx, row)
    flash(_("换人申请已提出，等坊主或县里审批。"), "ok")
    return go(ctx, "naming_page")


def _form(
    ctx: ActivityContext, one: seats.SchoolSeats, sent: object = None
) -> SubstitutionForm:
    """Offers whoever is not named already; whom the rule excludes it refuses."""
    people = [each.person for each in naming.offered(ctx, one) if not each.elsewhere]
    return SubstitutionForm.over(people, sent)


def _form_page(
    ctx: ActivityContext,
    one: seats.SchoolSeats,
    naming_id: int,
    form: SubstitutionForm,
) -> ResponseReturnValue:
    page = render_template(
        "attendance/substitute.html",
        ctx=ctx,
        one=one,
        naming=substitution.naming_of(one, naming_id),
        form=form,
        rule=eligibility.in_words(one.rule),
        starts_at=substitution.starts_at(ctx),
    )
    return page, 422 if form.errors else 200
