"""Keeping the list: adding, changing, moving and taking off materials."""

from typing import Any

from flask import current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from portal.api import (
    ActivityContext,
    Conflict,
    FileRef,
    Invalid,
    NotFound,
    Permission,
    requires,
)
from portal.api import gettext as _
from portal_material import items
from portal_material.forms import FORMS, ItemForm, upload_of
from portal_material.models import Item, Kind
from portal_material.subtitles import LARGEST, webvtt
from portal_material.views.blueprint import blueprint, go, go_back
from portal_material.words import KINDS, sentence


@blueprint.get("/new/<kind>")
@requires(Permission.EDIT_WORKSHOP)
def new_item(ctx: ActivityContext, kind: str) -> ResponseReturnValue:
    """An empty form for a material of this kind."""
    chosen = _kind(kind)
    return _form_page(ctx, chosen, FORMS[chosen]())


@blueprint.post("/new/<kind>")
@requires(Permission.EDIT_WORKSHOP)
def add_item(ctx: ActivityContext, kind: str) -> ResponseReturnValue:
    """Put a material at the end of the list."""
    chosen = _kind(kind)
    form = FORMS[chosen](_posted())
    if not form.validate():
        return _form_page(ctx, chosen, form, status=422)
    try:
        file = _stored(ctx, chosen, form, None)
        items.add(ctx, chosen, form.draft(file, _subtitles(form, None)))
    except (Invalid, Conflict) as error:
        problem = sentence(error)
        return _form_page(ctx, chosen, form, status=error.status, problem=problem)
    flash(_("已加进资料。"), "ok")
    return go_back(ctx)


@blueprint.get("/<int:number>/edit")
@requires(Permission.EDIT_WORKSHOP)
def edit_item(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """A material, to be changed."""
    item = items.item_of(ctx, number)
    kind = Kind(item.kind)
    data = {**ItemForm.values(item), "version": str(item.version)}
    return _form_page(ctx, kind, FORMS[kind](data=data), item=item)


@blueprint.post("/<int:number>/edit")
@requires(Permission.EDIT_WORKSHOP)
def change_item(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Write what the leader says now."""
    item = items.item_of(ctx, number)
    kind = Kind(item.kind)
    form = FORMS[kind](_posted())
    if not form.validate():
        return _form_page(ctx, kind, form, status=422, item=item)
    version = request.form.get("version", default=0, type=int)
    try:
        file = _stored(ctx, kind, form, item)
        draft = form.draft(file, _subtitles(form, item))
        items.change(ctx, item, version, draft)
    except (Invalid, Conflict) as error:
        form.version.data = str(item.version)
        return _form_page(
            ctx, kind, form, status=error.status, item=item, problem=sentence(error)
        )
    flash(_("资料已保存。已经计入的时间不变。"), "ok")
    return go(ctx, "item_page", number=number)


@blueprint.post("/<int:number>/move")
@requires(Permission.EDIT_WORKSHOP)
def move_item(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Move a material one place up or down."""
    up = request.form.get("to") == "up"
    items.move(ctx, items.item_of(ctx, number), by=-1 if up else 1)
    return go_back(ctx)


@blueprint.get("/<int:number>/remove")
@requires(Permission.EDIT_WORKSHOP)
def remove_page(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Ask before a material is taken off the list."""
    item = items.item_of(ctx, number)
    return render_template(
        "ui/confirm.html",
        title=_("去掉《%(title)s》", title=item.title),
        text=_("去掉以后老师们看不到这份资料。"),
        items=[
            _("已经计入的时间和打开记录都保留。"),
            _("去掉后不能恢复，只能重新加。"),
        ],
        action=ctx.url("remove_item", number=number),
        cancel_url=ctx.activity.url,
        button_label=_("去掉"),
        breadcrumbs=[(ctx.activity.title, ctx.activity.url)],
    )


@blueprint.post("/<int:number>/remove")
@requires(Permission.EDIT_WORKSHOP)
def remove_item(ctx: ActivityContext, number: int) -> ResponseReturnValue:
    """Take a material off the list."""
    items.remove(ctx, items.item_of(ctx, number))
    flash(_("已去掉。"), "ok")
    return go_back(ctx)


def _stored(
    ctx: ActivityContext, kind: Kind, form: ItemForm, item: Item | None
) -> FileRef | None:
    """The file that was chosen, kept; else the one that is there.

    Raises:
        Invalid: the portal does not take the upload.
    """
    upload = upload_of(form)
    if upload is not None:
        keep = ctx.store_video if kind is Kind.VIDEO else ctx.store
        return keep(upload)
    has_moved = bool((form.data.get("url") or "").strip())
    return item.stored if item and not has_moved else None


def _subtitles(form: ItemForm, item: Item | None) -> str:
    """The subtitles that were chosen; else those there are, if they shall stay.

    Raises:
        Invalid: it is no file of subtitles.
    """
    upload = upload_of(form, "subtitles")
    if upload is not None:
        return webvtt(upload.read(LARGEST + 1))
    keeps = item is not None and not form.data.get("no_subtitles")
    return item.subtitles if item is not None and keeps else ""


def _form_page(
    ctx: ActivityContext,
    kind: Kind,
    form: ItemForm,
    *,
    status: int = 200,
    item: Item | None = None,
    problem: str = "",
) -> ResponseReturnValue:
    if "upload" in form:
        form["upload"].description = _taken(kind)
    if "no_subtitles" in form and not (item and item.subtitles):
        del form["no_subtitles"]
    page = render_template(
        "material/form.html",
        ctx=ctx,
        form=form,
        kind=kind,
        kind_word=KINDS[kind],
        item=item,
        problem=problem,
    )
    return page, status


def _taken(kind: Kind) -> str:
    """Which files are taken, and how large they may be."""
    is_video = kind is Kind.VIDEO
    most = current_app.config["MAX_VIDEO_SIZE" if is_video else "MAX_FILE_SIZE"]
    megabytes = int(most) // 1024 // 1024
    if is_video:
        return _(
            "mp4（H.264 编码），不超过 %(megabytes)s MB，在本页播放和计时。",
            megabytes=megabytes,
        )
    return _(
        "PDF、Word、PPT、Excel、图片或文本，不超过 %(megabytes)s MB。",
        megabytes=megabytes,
    )


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise NotFound from error


def _posted() -> Any:
    return CombinedMultiDict([request.files, request.form])
