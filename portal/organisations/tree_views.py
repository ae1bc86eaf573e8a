"""The tree as a page: organisations, areas and their base schools."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import requires
from portal.errors import Conflict, Forbidden, Invalid
from portal.organisations import areas, queries, service
from portal.organisations.blueprint import blueprint
from portal.organisations.forms import (
    ClusterForm,
    EditOrganisationForm,
    NewOrganisationForm,
    offered,
)
from portal.organisations.models import Cluster, Organisation, OrganisationKind
from portal.organisations.words import kind_words
from portal.permissions import Permission
from portal.users.codes import STAGES
from portal.web import actor, go_to, session, tenant
from portal.words import error_sentence


def stage_words(codes: list[str] | tuple[str, ...]) -> str:
    """Stages as people read them, in a row."""
    return "、".join(STAGES.word(code) for code in STAGES.words if code in codes)


@blueprint.get("/organisations")
@requires(Permission.VIEW_PEOPLE)
def overview() -> ResponseReturnValue:
    """The part of the tree that the person has to do with, and the areas."""
    return _overview(ClusterForm(formdata=None))


def _overview(form: ClusterForm) -> str:
    tree = queries.tree(session(), actor())
    known = {row.id for row in tree}
    return render_template(
        "organisations/overview.html",
        rows=[
            {
                "organisation": row,
                "kind": kind_words(tenant(), row.kind),
                "stages": stage_words(row.stages),
                "above": row.parent.name if row.parent else None,
            }
            for row in tree
        ],
        areas=[
            {
                "name": area.cluster.name,
                "schools": [
                    {
                        "school": school,
                        "base": stage_words(base),
                        "known": school.id in known,
                    }
                    for school, base in area.schools
                ],
            }
            for area in areas.areas(session())
        ],
        form=form if _manages_all() else None,
    )


def _manages_all() -> bool:
    root = queries.root(session())
    return actor().within(Permission.MANAGE_ORGANISATIONS, root.path)


@blueprint.post("/organisations/areas")
@requires(Permission.MANAGE_ORGANISATIONS)
def add_area() -> ResponseReturnValue:
    """Add an area; it is the county's, so whoever manages the whole tree adds it."""
    queries.organisation_for(
        session(),
        actor(),
        queries.root(session()).id,
        Permission.MANAGE_ORGANISATIONS,
    )
    form = ClusterForm()
    if form.validate_on_submit():
        try:
            areas.make_cluster(session(), (form.name.data or "").strip())
        except Conflict as error:
            form.name.errors = [error_sentence(error)]
        else:
            flash(_("片区已添加。在学校的编辑页里把学校编进来。"), "ok")
            return go_to("organisations.overview")
    return _overview(form), 422


@blueprint.route("/organisations/<int:organisation_id>/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def add(organisation_id: int) -> ResponseReturnValue:
    """Add an organisation below another."""
    parent = queries.organisation_for(
        session(), actor(), organisation_id, Permission.MANAGE_ORGANISATIONS
    )
    form = NewOrganisationForm()
    if form.validate_on_submit():
        try:
            made = service.make_organisation(
                session(),
                kind=OrganisationKind(form.kind.data),
                code=form.code.data or "",
                name=(form.name.data or "").strip(),
                stages=form.stages.data or (),
                parent=parent,
                by=actor(),
            )
        except Conflict as error:
            form.code.errors = [error_sentence(error)]
        else:
            flash(_("已添加%(name)s。", name=made.name), "ok")
            return go_to("organisations.show", organisation_id=made.id)
    page = render_template("organisations/new.html", form=form, parent=parent)
    return page, 422 if form.errors else 200


@blueprint.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def edit(organisation_id: int) -> ResponseReturnValue:
    """Change an organisation, its place in the tree and its area."""
    organisation = queries.organisation_for(
        session(), actor(), organisation_id, Permission.MANAGE_ORGANISATIONS
    )
    form = _edit_form(organisation)
    if form.validate_on_submit():
        try:
            with session().begin_nested():
                _save(organisation, form)
        except (Invalid, Forbidden) as error:
            form.form_errors.append(error_sentence(error))
        else:
            flash(_("已保存。"), "ok")
            return go_to("organisations.show", organisation_id=organisation_id)
    page = render_template(
        "organisations/edit.html", form=form, organisation=organisation
    )
    return page, 422 if form.errors else 200


def _edit_form(organisation: Organisation) -> EditOrganisationForm:
    """The form as the organisation is; what does not apply to it is left out."""
    area = areas.place_of(session(), organisation)
    form = EditOrganisationForm(
        obj=organisation,
        parent=organisation.parent_id,
        cluster=area.cluster_id if area else 0,
        base_stages=area.base_stages if area else [],
    )
    if organisation.parent_id is None:
        del form.parent
    else:
        form.parent.choices = offered(
            (row.id, row.name)
            for row in queries.tree(session(), actor(), Permission.MANAGE_ORGANISATIONS)
            if not row.path.startswith(organisation.path)
        )
    if organisation.kind == OrganisationKind.SCHOOL:
        form.cluster.choices = offered(
            [(0, _("不在片区里")), *((c.id, c.name) for c in areas.clusters(session()))]
        )
    else:
        del form.cluster
        del form.base_stages
    return form


def _save(organisation: Organisation, form: EditOrganisationForm) -> None:
    service.edit_organisation(
        session(),
        organisation,
        name=(form.name.data or "").strip(),
        stages=form.stages.data or (),
        by=actor(),
    )
    if form.parent is not None and form.parent.data != organisation.parent_id:
        parent = session().get_one(Organisation, form.parent.data)
        service.move(session(), organisation, parent, by=actor())
    if form.cluster is None:
        return
    if not form.cluster.data:
        areas.take_from_cluster(session(), organisation)
        return
    areas.put_in_cluster(
        session(),
        session().get_one(Cluster, form.cluster.data),
        organisation,
        base_stages=form.base_stages.data or (),
    )
