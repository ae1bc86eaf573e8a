"""Sheets of records: uploaded, looked at, imported, taken back; alike in two places."""

from collections.abc import Callable
from io import BytesIO

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access import requires
from portal.errors import Conflict, Invalid, NotFound
from portal.files.content import TABLES, display_name
from portal.files.serving import spreadsheet
from portal.files.storing import keep_upload
from portal.permissions import Permission
from portal.records import queries, service
from portal.records.files import write_problems
from portal.records.forms import NothingForm, TakeBackForm, UploadForm
from portal.records.importing import Look
from portal.records.models import ImportState, RecordImport
from portal.records.views.blueprint import blueprint, content_of, page
from portal.records.views.desk import Desk, activity_desk, school_desk
from portal.records.words import problem_sentence
from portal.roster.files import MAX_BYTES
from portal.web import actor, session
from portal.words import error_sentence

MOST_SHOWN = 200
"""Rows that a page shows; the error file has all of them."""


def template(desk: Desk) -> ResponseReturnValue:
    """The sheet to fill in."""
    return spreadsheet(desk.template(), "records-template.xlsx")


def upload(desk: Desk) -> ResponseReturnValue:
    """Take a sheet and look at it; nothing is imported yet."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            with session().begin_nested():
                found = _kept(desk, form)
        except Invalid as error:
            form.file.errors = [error_sentence(error)]
        else:
            return redirect(desk.url("show", sheet=found.id), 303)
    return page("upload.html", form, desk=desk, refusal=_refusal(desk))


def _refusal(desk: Desk) -> str:
    """Why nothing can be imported here at all; empty where it can."""
    try:
        desk.check()
    except Invalid as error:
        return error_sentence(error)
    return ""


def _kept(desk: Desk, form: UploadForm) -> RecordImport:
    sent = form.file.data
    data = sent.stream.read(MAX_BYTES + 1)
    look = desk.look(data, display_name(sent.filename or ""))
    if look.read.other_sheets:
        others = _("、").join(look.read.other_sheets)
        flash(_("只读了第一张表，没有读这些表：%(others)s", others=others), "info")
    sent.stream.seek(0)
    by_id = actor().user_id
    file = keep_upload(sent, by_id, kinds=TABLES)
    return service.keep(
        session(),
        desk.place,
        file,
        look.counts,
        by_id=by_id,
        from_above=look.from_above,
    )


def show(desk: Desk, import_id: int) -> ResponseReturnValue:
    """What a sheet would do, or did."""
    return _page(desk, _import_of(desk, import_id))


def _import_of(desk: Desk, import_id: int) -> RecordImport:
    place = desk.place
    found = queries.import_of(
        session(),
        import_id,
        activity_id=place.activity_id,
        project_id=place.project_id,
    )
    if not desk.opens(found):
        raise NotFound
    return found


def _page(desk: Desk, found: RecordImport) -> ResponseReturnValue:
    look = _look(desk, found) if found.state == ImportState.CHECKED else None
    problems = look.read.problems if look else ()
    return page(
        "import.html",
        desk=desk,
        found=found,
        look=look,
        effects=desk.effects(look) if look else [],
        counts=look.counts if look else found.counts,
        problems=[
            {"problem": each, "sentence": problem_sentence(each)}
            for each in problems[:MOST_SHOWN]
        ],
        more=max(0, len(problems) - MOST_SHOWN),
        form=None,
    )


def _look(desk: Desk, found: RecordImport) -> Look:
    return desk.look(content_of(found), found.file_name)


def problems(desk: Desk, import_id: int) -> ResponseReturnValue:
    """The rows to mend as they came, with row, column and reason beside them."""
    found = _import_of(desk, import_id)
    read = _look(desk, found).read
    stream = BytesIO()
    write_problems(
        stream, read.header, read.lines, read.problems, sentence=problem_sentence
    )
    return spreadsheet(stream.getvalue(), f"records-{import_id}-problems.xlsx")


def take(desk: Desk, import_id: int) -> ResponseReturnValue:
    """Import the good rows, all of them. Only once."""
    NothingForm()
    found = _import_of(desk, import_id)
    try:
        with session().begin_nested():
            counts = desk.take(found, _look(desk, found))
    except (Conflict, Invalid) as error:
        flash(error_sentence(error), "warn")
    else:
        changed = counts["new"] + counts["corrected"]
        flash(
            ngettext("已导入 %(num)s 条记录。", "已导入 %(num)s 条记录。", changed),
            "ok",
        )
    return redirect(desk.url("show", sheet=found.id), 303)


def drop(desk: Desk, import_id: int) -> ResponseReturnValue:
    """Throw a sheet away that was only looked at."""
    NothingForm()
    found = _import_of(desk, import_id)
    try:
        with session().begin_nested():
            service.drop(session(), found, by_id=actor().user_id)
    except Conflict as error:
        flash(error_sentence(error), "warn")
        return redirect(desk.url("show", sheet=import_id), 303)
    flash(_("已放弃这份记录，什么也没有导入。"), "ok")
    return redirect(desk.url("upload"), 303)


def take_back(desk: Desk, import_id: int) -> ResponseReturnValue:
    """Withdraw what an import wrote, with a reason."""
    found = _import_of(desk, import_id)
    form = TakeBackForm()
    if form.validate_on_submit():
        try:
            with session().begin_nested():
                number = desk.take_back(found, form.reason.data or "")
        except (Conflict, Invalid) as error:
            form.reason.errors = [error_sentence(error)]
        else:
            flash(ngettext("已撤回 %(num)s 条。", "已撤回 %(num)s 条。", number), "ok")
            return redirect(desk.url("show", sheet=import_id), 303)
    return page("take_back.html", form, desk=desk, found=found)


Deed = Callable[..., ResponseReturnValue]


def _mount(
    prefix: str,
    name: str,
    arguments: tuple[str, str],
    permission: Permission,
    desk_of: Callable[[int], Desk],
) -> None:
    """The pages of one of the places, under addresses and names of its own."""
    place, sheet = arguments
    one = f"/imports/<int:{sheet}>"
    pages: tuple[tuple[str, Deed, str, tuple[str, ...]], ...] = (
        ("template", template, "/template.xlsx", ("GET",)),
        ("upload", upload, "/import", ("GET", "POST")),
        ("show", show, one, ("GET",)),
        ("problems", problems, f"{one}/problems.xlsx", ("GET",)),
        ("take", take, f"{one}/take", ("POST",)),
        ("drop", drop, f"{one}/drop", ("POST",)),
        ("take_back", take_back, f"{one}/take-back", ("GET", "POST")),
    )
    for what, deed, path, methods in pages:
        blueprint.add_url_rule(
            f"{prefix.format(place=place)}{path}",
            f"{name}_{what}",
            requires(permission)(_at(desk_of, deed, place)),
            methods=list(methods),
        )


def _at(desk_of: Callable[[int], Desk], deed: Deed, place: str) -> Deed:
    def view(**values: int) -> ResponseReturnValue:
        desk = desk_of(values.pop(place))
        return deed(desk, *values.values())

    view.__doc__ = deed.__doc__
    return view


_mount(
    "/activities/<int:{place}>/records",
    "activity",
    ("activity_id", "import_id"),
    Permission.EDIT_WORKSHOP,
    activity_desk,
)
_mount(
    "/projects/<int:{place}>/schools/records",
    "school",
    ("project_id", "sheet_id"),
    Permission.MANAGE_PROJECTS,
    school_desk,
)
