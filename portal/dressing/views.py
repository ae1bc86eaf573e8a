"""The page on which an organisation chooses its look, and its logo."""

from flask import Blueprint, Response, current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from portal import i18n
from portal.access import public, requires
from portal.dressing import logos, queries, trying, wearing
from portal.dressing.forms import LookForm
from portal.dressing.queries import Dress
from portal.dressing.service import dress
from portal.errors import Invalid, NotFound
from portal.files import service as files
from portal.files import storage
from portal.organisations.models import Organisation
from portal.organisations.queries import organisation_for, tree
from portal.permissions import Permission
from portal.site import MenuItem, menu_item
from portal.theming import installed, own_tokens
from portal.theming.cards import card
from portal.theming.folders import DEFAULT, token_files
from portal.theming.sheets import read_sheets
from portal.web import actor, go_to, session, tenant, user
from portal.words import error_sentence

blueprint = Blueprint("dressing", __name__)

menu_item(
    MenuItem("dressing.look", _l("外观"), "eye", 95, Permission.DRESS_ORGANISATION)
)


@blueprint.get("/look")
@requires(Permission.DRESS_ORGANISATION)
def look() -> ResponseReturnValue:
    """The look of an organisation in one's branch, as it is or as it is tried on."""
    places = tree(session(), actor(), Permission.DRESS_ORGANISATION)
    tried = trying.tried()
    wanted = request.args.get("organisation", tried and tried.organisation_id, type=int)
    chosen = next((place for place in places if place.id == wanted), places[0])
    return _page(chosen, _form(chosen), places)


@blueprint.post("/look/<int:organisation_id>")
@requires(Permission.DRESS_ORGANISATION)
def choose(organisation_id: int) -> ResponseReturnValue:
    """Try a look on, or let the organisation wear it."""
    organisation = organisation_for(
        session(), actor(), organisation_id, Permission.DRESS_ORGANISATION
    )
    form = _form(organisation)
    wanted = _wanted(organisation, form) if form.validate() else None
    if wanted is None:
        places = tree(session(), actor(), Permission.DRESS_ORGANISATION)
        return _page(organisation, form, places), 422
    if request.form.get("do") == "try":
        trying.try_on(organisation.id, wanted)
        return go_to("dressing.look", organisation=organisation.id)
    dress(session(), organisation, wanted, by=actor())
    trying.stop()
    flash(
        _(
            "已保存。%(name)s和它下面的单位，下一次打开页面就是这个样子。",
            name=organisation.name,
        ),
        "ok",
    )
    return go_to("dressing.look", organisation=organisation.id)


@blueprint.post("/look/stop")
@requires(Permission.DRESS_ORGANISATION)
def stop() -> ResponseReturnValue:
    """Take off what was tried on."""
    trying.stop()
    flash(_("试看已结束，什么都没有改动。"), "ok")
    return go_to("dressing.look")


@blueprint.get("/look/<key>.svg")
@requires(Permission.DRESS_ORGANISATION)
def picture(key: str) -> ResponseReturnValue:
    """A theme on a small card."""
    if key != DEFAULT and key not in installed():
        raise NotFound
    sheets = read_sheets([own_tokens(), *token_files(installed(), key)])
    return Response(card(sheets), mimetype="image/svg+xml")


@blueprint.get("/logos/<int:file_id>")
@public
def logo(file_id: int) -> ResponseReturnValue:
    """A logo, for everybody: the page on which one logs in shows it, too.

    No other file comes out here, whatever its number, and none of another county.
    """
    stored = queries.logo(session(), file_id)
    if stored is None:
        raise NotFound
    try:
        place = current_app.config["UPLOADS_URL"]
        data = storage.get(place, stored.tenant_id, stored.digest)
    except FileNotFoundError as error:
        raise NotFound("file_gone") from error
    answer = Response(data, mimetype=stored.media_type)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


# The form


def _current(organisation: Organisation) -> Dress:
    """What the page starts from: what is tried on there, else what is chosen."""
    tried = trying.tried()
    if tried is not None and tried.organisation_id == organisation.id:
        return tried.dress
    return queries.dress_of(organisation)


def _form(organisation: Organisation) -> LookForm:
    current = _current(organisation)
    form = LookForm(theme=current.theme or _unchosen(organisation), title=current.title)
    form.theme.choices = [SelectChoice(key, words) for key, words in _themes(current)]
    if organisation.parent_id is not None:
        form.theme.choices.insert(0, SelectChoice("", _("同上级")))
    if current.logo_id is None:
        del form.no_logo
    return form


def _unchosen(organisation: Organisation) -> str:
    """The choice of who chose nothing: as above, and at the top the portal's own."""
    return "" if organisation.parent_id else DEFAULT


def _themes(current: Dress) -> list[tuple[str, str]]:
    """The themes to choose from; one that is chosen stays, though it be gone."""
    language = i18n.language_tag()
    names = {key: theme.name(language) for key, theme in installed().items()}
    if current.theme and current.theme not in {DEFAULT, *names}:
        names[current.theme] = _("%(key)s（没有安装）", key=current.theme)
    return [(DEFAULT, _("默认")), *names.items()]


def _wanted(organisation: Organisation, form: LookForm) -> Dress | None:
    """The look that was asked for; None, with words at the field, where it cannot be.

    A logo is kept now, so that a trial can show it; it is worn when it is chosen.
    """
    logo_id = _current(organisation).logo_id
    if form.no_logo is not None and form.no_logo.data:
        logo_id = None
    try:
        logo_id = _new_logo(form) or logo_id
    except Invalid as error:
        form.logo.errors = [error_sentence(error)]
        return None
    theme = form.theme.data
    if theme == _unchosen(organisation):
        theme = None
    return Dress(theme or None, form.chosen_title(), logo_id)


def _new_logo(form: LookForm) -> int | None:
    upload = form.logo.data
    if not upload or not upload.filename:
        return None
    with upload.stream as stream:
        name, data = logos.fit(upload.filename, stream.read(logos.LIMIT + 1))
    kept = files.keep(
        session(),
        name,
        data,
        owner_id=user().id,
        tenant_id=tenant().id,
        place=current_app.config["UPLOADS_URL"],
        limit=logos.LIMIT,
    )
    return kept.id


def _page(
    organisation: Organisation, form: LookForm, places: list[Organisation]
) -> str:
    current = _current(organisation)
    above = queries.worn_in(session(), organisation, Dress())
    language = i18n.language_tag()
    themes = installed()
    known = (key for key in above.themes if key in {DEFAULT, *themes})
    inherited = next(known, DEFAULT)
    new = current.logo_id != organisation.logo_id
    return render_template(
        "dressing/look.html",
        form=form,
        places=places,
        chosen=organisation,
        inherited=inherited,
        inherited_name=dict(_themes(Dress()))[inherited],
        inherited_title=above.title or tenant().site_title,
        sentences={
            DEFAULT: _("米白的纸、石青的强调色，标题用宋体，正文用黑体。"),
            **{key: theme.sentence(language) for key, theme in themes.items()},
        },
        logo_url=wearing.logo_address(current.logo_id, new=new),
        pictured={DEFAULT, *themes},
    )
