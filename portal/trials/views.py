"""The page on which a scheme is tried, its template, and its outcome as a file."""

from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access import requires
from portal.errors import Invalid
from portal.files.serving import spreadsheet
from portal.permissions import Permission
from portal.records.reading import Read, read_records
from portal.records.sources import counted, terms_for, write_scheme_template
from portal.records.words import problem_sentence
from portal.schemes import queries
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.engine.sheet import Line
from portal.schemes.models import SchemeVersion
from portal.schemes.views.blueprint import version_trail
from portal.trials.forms import TrialForm
from portal.trials.outcome import band_of, outcome_workbook, verdict
from portal.trials.working import Tried, work_out
from portal.web import actor, session, tenant
from portal.words import error_sentence

blueprint = Blueprint("trials", __name__)

P = Permission
EXPLAINED = 30
"""For so many people the page says why; the file says it for all."""

SHOWN_PROBLEMS = 200


def _the_version(version_id: int) -> SchemeVersion:
    return queries.managed_version(session(), actor(), version_id)


@blueprint.route("/schemes/<int:version_id>/try", methods=["GET", "POST"])
@requires(P.EDIT_WORKSHOP)
def scheme(version_id: int) -> ResponseReturnValue:
    """Work a version out on a spreadsheet. Nothing is written down."""
    version = _the_version(version_id)
    rules = read_scheme(version.document)
    form = TrialForm()
    read: Read | None = None
    if form.validate_on_submit():
        read = _read(form, rules)
    tried = work_out(rules, read, tenant().zone) if read else []
    if tried and request.form.get("do") == "download":
        return spreadsheet(outcome_workbook(rules, tried), f"trial-{version.id}.xlsx")
    body = render_template(
        "trials/scheme.html",
        form=form,
        version=version,
        rules=rules,
        read=read,
        tried=tried,
        lines=_columns(tried),
        verdict=verdict,
        band_of=lambda sheet: band_of(rules, sheet),
        explained=EXPLAINED,
        problems=[
            (problem, problem_sentence(problem))
            for problem in (read.problems[:SHOWN_PROBLEMS] if read else ())
        ],
        trail=version_trail(version),
    )
    return body, 422 if form.errors or (read and read.problems) else 200


def _columns(tried: Sequence[Tried]) -> list[Line]:
    """The lines that the table has a column for; those below them are in the file."""
    return [line for line in tried[0].sheet.lines if not line.parent] if tried else []


def _read(form: TrialForm, rules: Rules) -> Read | None:
    upload = form.file.data
    terms = terms_for(rules, tenant().zone)
    try:
        return read_records(upload.stream, terms, file_name=upload.filename or "")
    except Invalid as error:
        form.file.errors = [error_sentence(error)]
        return None


@blueprint.get("/schemes/<int:version_id>/records.xlsx")
@requires(P.EDIT_WORKSHOP)
def template(version_id: int) -> ResponseReturnValue:
    """The empty spreadsheet for trying this version."""
    version = _the_version(version_id)
    rules = read_scheme(version.document)
    stream = BytesIO()
    write_scheme_template(
        stream,
        counted(rules, every=True),
        instructions=_instructions(),
        day=clock.now().astimezone(tenant().zone).date().isoformat(),
    )
    return spreadsheet(stream.getvalue(), f"records-{version.id}.xlsx")


def _instructions() -> list[str]:
    return [
        _("一行是一个人一件事的一个数量。试算时“账号”一栏可以写姓名。"),
        _("“来源”和“计量”从下拉列表里选；“时间”写成 2024-09-02 的样子。"),
        _("同一件事有几个数量的，写成几行，“事项”写得一样。"),
        _("示例一行可以留着，不会算进去。"),
    ]
