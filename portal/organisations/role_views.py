"""One organisation: what it is, and who holds a role in it."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.errors import Forbidden, Invalid, NotFound
from portal.organisations import areas, queries, roles
from portal.organisations.blueprint import blueprint
from portal.organisations.forms import GrantForm, offered
from portal.organisations.models import Cluster, Membership, Organisation
from portal.organisations.tree_views import stage_words
from portal.organisations.words import kind_words, role_words
from portal.permissions import Permission, can
from portal.users.models import User
from portal.users.service import find_account
from portal.web import actor, go_to, session, tenant
from portal.words import error_sentence


@blueprint.get("/organisations/<int:organisation_id>")
@requires(Permission.VIEW_PEOPLE)
def show(organisation_id: int) -> ResponseReturnValue:
    """What an organisation is, and who holds a role in it."""
    organisation = queries.organisation_for(
        session(), actor(), organisation_id, Permission.VIEW_PEOPLE
    )
    return _page(organisation, _grant_form(organisation, fresh=True))


@blueprint.post("/organisations/<int:organisation_id>/roles")
@requires(Permission.GRANT_ROLES)
def grant(organisation_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    organisation = queries.organisation_for(
        session(), actor(), organisation_id, Permission.GRANT_ROLES
    )
    form = _grant_form(organisation)
    if form.validate_on_submit() and _granted(organisation, form):
        return go_to("organisations.show", organisation_id=organisation_id)
    return _page(organisation, form), 422


def _granted(organisation: Organisation, form: GrantForm) -> bool:
    person = _person_called(form.person.data or "")
    if person is None:
        form.person.errors = [error_sentence(NotFound("no_such_person"))]
        return False
    try:
        membership = roles.grant_role(
            session(),
            person,
            organisation,
            form.role.data,
            by=actor(),
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
        )
    except (Invalid, Forbidden) as error:
        form.form_errors.append(error_sentence(error))
        return False
    role = role_words(membership.role)
    flash(_("%(name)s现在担任%(role)s。", name=person.name, role=role), "ok")
    return True


def _person_called(typed: str) -> User | None:
    """The person of this name, where the one who asks may know of them."""
    person = find_account(session(), typed)
    known = person is not None and can(actor(), Permission.VIEW, person)
    return person if known else None


@blueprint.post("/organisations/<int:organisation_id>/roles/<int:membership_id>/end")
@requires(Permission.GRANT_ROLES)
def end(organisation_id: int, membership_id: int) -> ResponseReturnValue:
    """End a role today."""
    organisation = queries.organisation_for(
        session(), actor(), organisation_id, Permission.GRANT_ROLES
    )
    membership = session().get(Membership, membership_id)
    if membership is None or membership.organisation_id != organisation.id:
        raise NotFound
    name, role = membership.user.name, role_words(membership.role)
    roles.end_membership(session(), membership, by=actor())
    flash(_("%(name)s不再担任%(role)s。", name=name, role=role), "ok")
    return go_to("organisations.show", organisation_id=organisation_id)


def _grant_form(organisation: Organisation, *, fresh: bool = False) -> GrantForm:
    form = GrantForm(formdata=None) if fresh else GrantForm()
    codes = roles.grantable(session(), actor(), organisation)
    form.role.choices = offered((code, role_words(code)) for code in codes)
    return form


def _page(organisation: Organisation, form: GrantForm) -> str:
    who, today = actor(), queries.today(session())
    place = areas.place_of(session(), organisation)
    held = queries.memberships(session(), organisation, today)
    codes = roles.grantable(session(), who, organisation)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        kind=kind_words(tenant(), organisation.kind),
        stages=stage_words(organisation.stages),
        line=queries.line(session(), organisation)[:0:-1],
        cluster=session().get_one(Cluster, place.cluster_id) if place else None,
        base=stage_words(place.base_stages) if place else "",
        staff=queries.staff(session(), organisation, today),
        rows=[
            {
                "membership": row,
                "role": role_words(row.role),
                "can_end": row.role in codes and row.user_id != who.user_id,
            }
            for row in held
        ],
        form=form if codes else None,
        can=lambda permission: can(who, permission, organisation),
    )
