"""The marks that a leader gives: a grid to fill in, and the same as a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.access import keeps_form, requires
from portal.errors import Forbidden, Invalid
from portal.files.content import display_name
from portal.files.serving import spreadsheet
from portal.permissions import Permission
from portal.records import mark_sheets, marking
from portal.records.forms import NothingForm, UploadForm
from portal.records.importing import rules_in
from portal.records.marking import Cell, Entry, Given
from portal.records.people import barred
from portal.records.problems import CellProblem
from portal.records.sources import GivenItem, given_items
from portal.records.views.blueprint import blueprint
from portal.records.words import cell_sentence
from portal.roster.files import MAX_BYTES
from portal.schemes.engine.marks import plain
from portal.schemes.words.sheets import words_of
from portal.web import actor, session
from portal.words import error_sentence
from portal.workshops.models import Enrolment, Workshop, WorkshopRole
from portal.workshops.page_links import WorkshopLink, workshop_link
from portal.workshops.queries import groups, members, workshop_for

P = Permission

workshop_link(WorkshopLink("records.marks", _l("评分"), P.GIVE_MARKS, "star", 15))


@dataclass(frozen=True)
class Grid:
    """Whose marks are given for what, and how its pages are called."""

    workshop: Workshop
    items: Sequence[GivenItem]
    people: Sequence[Enrolment]
    name: str = "marks"
    """Of the endpoints: `records.marks`, `records.save_marks` and so on."""
    left_out: Sequence[Enrolment] = ()
    """Leaders who learn here, too: they are marked from above."""

    @property
    def shown(self) -> list[Enrolment]:
        """The people of the group that is asked for."""
        return [e for e in self.people if chosen() in (None, e.group_id)]

    @property
    def keys(self) -> str:
        """The keys of the items in their order."""
        return " ".join(item.key for item in self.items)

    def url(self, what: str = "") -> str:
        """The address of one of its pages, with the group that is shown."""
        endpoint = f"records.{what}{self.name}"
        return url_for(endpoint, workshop_id=self.workshop.id, group=chosen())


def chosen() -> int | None:
    """The group to which the page is limited."""
    return request.args.get("group", type=int)


def _of_learners(workshop_id: int) -> Grid:
    workshop = workshop_for(session(), actor(), workshop_id, P.GIVE_MARKS)
    rules = rules_in(session(), workshop.scheme_version_id)
    items = given_items(rules) if rules is not None else []
    not_theirs = barred(session(), workshop, actor())
    learners = members(session(), workshop, role=WorkshopRole.LEARNER)
    people = [each for each in learners if each.user_id not in not_theirs]
    left_out = [each for each in learners if each.user_id in not_theirs]
    return Grid(workshop, items, people, left_out=left_out)


@blueprint.get("/workshops/<int:workshop_id>/marks")
@requires(P.GIVE_MARKS)
def marks(workshop_id: int) -> ResponseReturnValue:
    """Learners and items, with the marks that stand."""
    return show(_of_learners(workshop_id))


@blueprint.post("/workshops/<int:workshop_id>/marks")
@requires(P.GIVE_MARKS)
@keeps_form
def save_marks(workshop_id: int) -> ResponseReturnValue:
    """Save what changed, all of it; while a cell is wrong, nothing."""
    NothingForm()
    grid = _of_learners(workshop_id)
    return save(grid, posted(grid))


def posted(grid: Grid) -> list[Entry]:
    """What the form holds: `mark-<user>-<place of the item>`, and what was seen.

    The places are those of the page that was filled in, whatever the scheme is by now.

    Raises:
        Forbidden: it was filled in by another person, before this one logged in.
    """
    if request.form.get("user_id", str(actor().user_id)) != str(actor().user_id):
        raise Forbidden("other_person")
    items = request.form.get("items", grid.keys).split()
    keys = {str(place): key for place, key in enumerate(items)}
    people = {str(each.user_id): each.user_id for each in grid.people}
    found = []
    for name, text in request.form.items():
        what, _sign, rest = name.partition("-")
        user_id, _sign, place = rest.partition("-")
        if what == "mark" and user_id in people and place in keys:
            seen = request.form.get(f"seen-{rest}", 0, type=int)
            found.append(Entry(people[user_id], keys[place], text, seen))
    return found


def save(grid: Grid, entries: Sequence[Entry]) -> ResponseReturnValue:
    """Write the marks, or show the grid again with what is wrong."""
    with session().begin_nested():
        saved = marking.save(
            session(),
            grid.workshop,
            grid.items,
            grid.people,
            entries,
            by_id=actor().user_id,
        )
    if saved.problems:
        return show(grid, entries, saved.problems)
    if saved.changed:
        words = ngettext(
            "已保存 %(num)s 个评分。", "已保存 %(num)s 个评分。", saved.changed
        )
        flash(words, "ok")
    else:
        flash(_("没有改动。"), "info")
    return redirect(grid.url(), 303)


def show(
    grid: Grid,
    entries: Sequence[Entry] = (),
    problems: Mapping[Cell, CellProblem] | None = None,
    upload: UploadForm | None = None,
) -> ResponseReturnValue:
    """The grid; what was written stays in it while something is wrong."""
    standing = marking.marks_of(session(), grid.workshop, grid.items)
    texts = {(entry.user_id, entry.key): entry.text for entry in entries}
    wrong = problems or {}
    rows: list[dict[str, Any]] = [
        {
            "enrolment": each,
            "own": each.user_id == actor().user_id,
            "cells": [
                _cell(each.user_id, place, item, standing, texts, wrong)
                for place, item in enumerate(grid.items)
            ],
        }
        for each in (grid.people if problems else grid.shown)
    ]
    cells = (cell for row in rows for cell in row["cells"])
    body = render_template(
        "records/marks.html",
        grid=grid,
        workshop=grid.workshop,
        items=grid.items,
        notes=_notes(grid.items),
        rows=rows,
        groups=groups(session(), grid.workshop) if grid.name == "marks" else [],
        chosen=chosen(),
        kept_as=_kept_as(grid, None if problems else chosen()),
        problems=len(wrong),
        first_wrong=next((cell["name"] for cell in cells if cell["error"]), ""),
        form=upload or UploadForm(formdata=None),
    )
    refused = wrong or (upload is not None and upload.errors)
    return body, 422 if refused else 200


def _notes(items: Sequence[GivenItem]) -> list[tuple[str, str]]:
    """What the scheme says of its items, each once."""
    said = ((words_of(item.title), words_of(item.note)) for item in items if item.note)
    return list(dict.fromkeys(said))


def _kept_as(grid: Grid, group: int | None) -> str:
    """What this grid is called on the device that keeps what was typed into it."""
    return f"{grid.name}:{grid.workshop.id}:{group or 'all'}"


def _cell(
    user_id: int,
    place: int,
    item: GivenItem,
    standing: Mapping[Cell, Given],
    texts: Mapping[Cell, str],
    problems: Mapping[Cell, CellProblem],
) -> dict[str, Any]:
    cell = (user_id, item.key)
    given = standing.get(cell, Given())
    stands = "" if given.mark is None else plain(given.mark)
    problem = problems.get(cell)
    return {
        "name": f"mark-{user_id}-{place}",
        "seen_name": f"seen-{user_id}-{place}",
        "kept_as": f"{user_id} {item.key}",
        "item": item,
        "title": words_of(item.title),
        "given": given,
        "stands": stands,
        "text": texts.get(cell, stands),
        "error": cell_sentence(problem, words_of(item.title)) if problem else "",
    }


@blueprint.get("/workshops/<int:workshop_id>/marks.xlsx")
@requires(P.GIVE_MARKS)
def file_of_marks(workshop_id: int) -> ResponseReturnValue:
    """The grid as a spreadsheet, to fill in and send back."""
    return as_file(_of_learners(workshop_id))


def as_file(grid: Grid) -> ResponseReturnValue:
    """The people who are shown, with their marks."""
    stream = BytesIO()
    standing = marking.marks_of(session(), grid.workshop, grid.items)
    mark_sheets.write(stream, grid.items, grid.shown, standing)
    return spreadsheet(stream.getvalue(), f"{grid.name}-{grid.workshop.id}.xlsx")


@blueprint.post("/workshops/<int:workshop_id>/marks/upload")
@requires(P.GIVE_MARKS)
def upload_marks(workshop_id: int) -> ResponseReturnValue:
    """Take the grid back from a spreadsheet, by the same checks."""
    return from_file(_of_learners(workshop_id))


def from_file(grid: Grid) -> ResponseReturnValue:
    """Read a filled sheet and save it as if it had been typed."""
    form = UploadForm()
    if not form.validate_on_submit():
        return show(grid, upload=form)
    sent = form.file.data
    data, name = sent.stream.read(MAX_BYTES + 1), display_name(sent.filename or "")
    try:
        entries = mark_sheets.read(data, name, grid.items, grid.people)
    except Invalid as error:
        form.file.errors = [error_sentence(error)]
        return show(grid, upload=form)
    return save(grid, entries)
