"""Rosters: uploaded, looked at row by row, imported, sent back where they are wrong."""

from collections import Counter
from io import BytesIO
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from portal.access import requires
from portal.errors import Conflict, Invalid
from portal.files.content import display_name
from portal.files.serving import spreadsheet
from portal.jobs.models import Job, JobState
from portal.organisations.queries import organisation_for
from portal.permissions import Permission
from portal.roster import loading, queries, service, taking
from portal.roster.files import MAX_BYTES, read_roster, write_problems, write_template
from portal.roster.forms import NothingForm, TakeForm, UploadForm
from portal.roster.models import ImportState, RosterImport
from portal.roster.problems import RowStatus
from portal.roster.results import Result, changed_titles
from portal.roster.views.blueprint import blueprint, key, page
from portal.roster.words import instructions, note_sentence, problem_sentence
from portal.web import actor, go_to, session
from portal.words import error_sentence

P = Permission

PER_PAGE = 50


@blueprint.get("/roster/template.xlsx")
@requires(P.MANAGE_PEOPLE)
def template() -> ResponseReturnValue:
    """The empty roster, with the schools that one may fill."""
    found = {
        school.id: school
        for branch in queries.branches_to_fill(session(), actor())
        for school in loading.schools(session(), branch, actor())
        if school.fillable
    }
    stream = BytesIO()
    write_template(stream, instructions=instructions(), schools=list(found.values()))
    return spreadsheet(stream.getvalue(), "roster-template.xlsx")


@blueprint.get("/roster/imports")
@requires(P.MANAGE_PEOPLE)
def imports() -> ResponseReturnValue:
    """What was uploaded before."""
    return page("imports.html", rows=queries.imports(session(), actor()))


@blueprint.route("/roster/import", methods=["GET", "POST"])
@requires(P.MANAGE_PEOPLE)
def upload() -> ResponseReturnValue:
    """Take a spreadsheet and check it; nothing is imported yet."""
    form = UploadForm()
    form.organisation.choices = [
        SelectChoice(str(branch.id), branch.name)
        for branch in queries.branches_to_fill(session(), actor())
    ]
    if form.validate_on_submit():
        try:
            checked = _check(form)
        except Invalid as error:
            form.file.errors = [error_sentence(error)]
        else:
            return go_to("roster.show_import", import_id=checked.id)
    return page("upload.html", form=form)


def _check(form: UploadForm) -> RosterImport:
    place = organisation_for(
        session(), actor(), form.organisation.data, P.MANAGE_PEOPLE
    )
    upload = form.file.data
    name = display_name(upload.filename or "")
    sheet = read_roster(upload.stream.read(MAX_BYTES + 1), name)
    if sheet.other_sheets:
        others = "、".join(sheet.other_sheets)
        flash(_("只读了第一张名册，没有读这些表：%(others)s", others=others), "info")
    return service.check(session(), sheet, place, by=actor(), file_name=name, key=key())


def _the_import(import_id: int) -> RosterImport:
    return queries.import_for(session(), actor(), import_id)


@blueprint.get("/roster/imports/<int:import_id>")
@requires(P.MANAGE_PEOPLE)
def show_import(import_id: int) -> ResponseReturnValue:
    """What was found, or what was done, row by row."""
    return _page(_the_import(import_id), TakeForm(formdata=None))


def _page(found: RosterImport, form: TakeForm) -> ResponseReturnValue:
    results = service.results_of(found)
    job = session().get(Job, found.job_id) if found.job_id else None
    return page(
        "import.html",
        form=form,
        found=found,
        counts=found.counts,
        aliases=_aliases(results),
        held=[_line(r) for r in results if r.status is RowStatus.HELD],
        to_mend=any(result.to_mend for result in results),
        new_at=queries.schools_of_new(session(), results)
        if found.state == ImportState.IMPORTED
        else [],
        job=job,
        job_failed=job is not None and job.state == JobState.FAILED,
        **_rows(found, results),
    )


def _rows(found: RosterImport, results: list[Result]) -> dict[str, Any]:
    """One page of rows of one status; without one, those of which there is to say."""
    status = request.args.get("status", "")
    known = frozenset(RowStatus)
    shown = [
        result
        for result in results
        if (result.status == status if status in known else _worth_telling(result))
    ]
    pages = max(1, -(-len(shown) // PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    start = (number - 1) * PER_PAGE

    def url_of(page: int, status: str = status) -> str:
        asked: dict[str, Any] = {"status": status} if status in known else {}
        return url_for("roster.show_import", import_id=found.id, page=page, **asked)

    return {
        "status": status if status in known else "",
        "rows": [_line(result) for result in shown[start : start + PER_PAGE]],
        "total": len(shown),
        "page": number,
        "pages": pages,
        "url_of": url_of,
    }


def _worth_telling(result: Result) -> bool:
    return bool(
        result.status is not RowStatus.ACCEPTED
        or result.problems
        or result.notes
        or (result.changed and result.change != "new")
    )


def _line(result: Result) -> dict[str, Any]:
    return {
        "result": result,
        "columns": "、".join(dict.fromkeys(p.column for p in result.problems)),
        "reasons": [problem_sentence(problem) for problem in result.problems],
        "notes": [note_sentence(note) for note in result.notes],
        "changed": "、".join(changed_titles(result))
        if result.change == "updated" and result.status is RowStatus.ACCEPTED
        else "",
    }


def _aliases(results: list[Result]) -> list[tuple[str, int]]:
    """How words were understood that are not in the lists, each with its number."""
    counted = Counter(
        (note.column, note.given, note.taken)
        for result in results
        if result.status is not RowStatus.REFUSED
        for note in result.aliases
    )
    return [
        (_alias(column, given, taken), times)
        for (column, given, taken), times in counted.most_common()
    ]


def _alias(column: str, given: str, taken: str) -> str:
    return _(
        "%(column)s：“%(given)s”按“%(taken)s”导入",
        column=column,
        given=given,
        taken=taken,
    )


@blueprint.post("/roster/imports/<int:import_id>/take")
@requires(P.MANAGE_PEOPLE)
def take(import_id: int) -> ResponseReturnValue:
    """Import the good rows, and those held ones that were confirmed. Only once."""
    found = _the_import(import_id)
    form = TakeForm()
    results = service.results_of(found)
    form.validate_on_submit()
    if (
        found.state == ImportState.CHECKED
        and _aliases(results)
        and not form.checked.data
    ):
        form.checked.errors = [error_sentence(Invalid("roster_not_checked"))]
        return _page(found, form)
    held = {r.number for r in results if r.status is RowStatus.HELD}
    chosen = frozenset(request.form.getlist("confirm", type=int)) & held
    try:
        with session().begin_nested():
            taking.begin(session(), found, by=actor(), key=key(), confirmed=chosen)
    except Conflict as error:
        flash(error_sentence(error), "warn")
    return go_to("roster.show_import", import_id=found.id)


@blueprint.post("/roster/imports/<int:import_id>/again")
@requires(P.MANAGE_PEOPLE)
def again(import_id: int) -> ResponseReturnValue:
    """Let an import be begun again whose job has failed."""
    NothingForm()
    found = _the_import(import_id)
    taking.give_back(session(), found)
    return go_to("roster.show_import", import_id=found.id)


@blueprint.post("/roster/imports/<int:import_id>/drop")
@requires(P.MANAGE_PEOPLE)
def drop(import_id: int) -> ResponseReturnValue:
    """Throw a checked sheet away."""
    NothingForm()
    found = _the_import(import_id)
    if found.state != ImportState.CHECKED:
        flash(_("这份名册已经导入，不能放弃。"), "warn")
        return go_to("roster.show_import", import_id=found.id)
    service.drop(session(), found, by_id=actor().user_id)
    flash(_("已放弃这份名册，什么也没有导入。"), "ok")
    return go_to("roster.people")


@blueprint.get("/roster/imports/<int:import_id>/problems.xlsx")
@requires(P.MANAGE_PEOPLE)
def problems(import_id: int) -> ResponseReturnValue:
    """The rows to mend as they came, with row, column and reason beside them."""
    sheet, rows = service.to_mend(_the_import(import_id), key())
    stream = BytesIO()
    write_problems(stream, sheet.header, rows, sentence=problem_sentence)
    return spreadsheet(stream.getvalue(), f"roster-{import_id}-problems.xlsx")
