"""Pages of the circular: the leader's draft, the frozen page, and its spreadsheet."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.api import (
    ActivityContext,
    Form,
    Invalid,
    NotFound,
    Permission,
    for_the_county,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_attendance import circulars, telling
from portal_attendance.circular_models import Circular, CircularRow
from portal_attendance.circular_words import MATTERS, SCHOOL_COLUMNS, workbook
from portal_attendance.circulars import Wording
from portal_attendance.drafting import Matter, draft, settled_sessions
from portal_attendance.views.blueprint import blueprint, go
from portal_attendance.words import STANDINGS, sentence

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WordingForm(Form):
    """What the leader says; whom it names, the marks say."""

    title = StringField(
        _l("标题"),
        validators=[InputRequired(_l("请写标题。")), Length(max=120)],
    )
    doc_no = StringField(_l("文号"), validators=[Length(max=64)])
    sentence = TextAreaField(
        _l("补充的话"),
        validators=[Length(max=1000)],
        description=_l("印在名单前面，可以不写。"),
    )

    def wording(self) -> Wording:
        """The same as a value."""
        return Wording(
            self.title.data or "", self.doc_no.data or "", self.sentence.data or ""
        )


@blueprint.get("/circulars/new")
@requires(Permission.EDIT_WORKSHOP)
def draft_circular(ctx: ActivityContext) -> ResponseReturnValue:
    """What a circular would say of the sessions that none has spoken of."""
    title = _("关于“%(title)s”考勤情况的通报", title=ctx.activity.title)
    wanted = set(request.args.getlist("session", type=int))
    if not wanted:
        wanted = {one.id for one in settled_sessions(ctx)}
    return _draft_page(ctx, WordingForm(data={"title": title[:120]}), wanted)


@blueprint.post("/circulars/new")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def publish_circular(ctx: ActivityContext) -> ResponseReturnValue:
    """Publish it: a copy of what the marks say at this moment."""
    form = WordingForm(request.form)
    wanted = set(request.form.getlist("session", type=int))
    if not form.validate():
        return _draft_page(ctx, form, wanted)
    replaced = frozenset(request.form.getlist("replaced"))
    try:
        row = circulars.publish(ctx, wanted, form.wording(), replaced)
    except Invalid as error:
        form.title.errors = [*form.title.errors, sentence(error)]
        return _draft_page(ctx, form, wanted)
    telling.tell_of_circular(ctx, row)
    flash(_("通报已发布，已通知被通报的教师和所在学校。"), "ok")
    return go(ctx, "circular_page", circular_id=row.id)


def _draft_page(
    ctx: ActivityContext, form: WordingForm, wanted: set[int]
) -> ResponseReturnValue:
    """The draft of those of the wanted sessions that no circular has spoken of."""
    published = circulars.published_sessions(ctx)
    page = render_template(
        "attendance/circular_draft.html",
        ctx=ctx,
        form=form,
        settled=settled_sessions(ctx),
        published=published,
        draft=draft(ctx, wanted - published),
        replaced=request.form.getlist("replaced"),
        Matter=Matter,
        matters=MATTERS,
        columns=_columns(),
    )
    return page, 422 if form.errors else 200


def _columns() -> list[dict[str, object]]:
    """The columns of the table of schools."""
    head: dict[str, object] = {"key": "name", "label": _("学校"), "kind": "head"}
    return [
        head,
        *(
            {"key": key, "label": word, "kind": "number", "plain": True}
            for key, word in SCHOOL_COLUMNS.items()
        ),
    ]


# Reading


@blueprint.get("/circulars/<int:circular_id>")
@requires(Permission.VIEW)
def circular_page(ctx: ActivityContext, circular_id: int) -> ResponseReturnValue:
    """The circular for who leads; for who is named in it, what it says of them."""
    row = circulars.circular_in(ctx, circular_id)
    return _page(ctx, row, *_own_part(ctx, row), schools_only=False)


@blueprint.get("/circulars/<int:circular_id>/schools")
@for_the_county
def circular_of_schools(ctx: ActivityContext, circular_id: int) -> ResponseReturnValue:
    """What the circular says of the officer's schools, the workshop closed or not."""
    row = circulars.circular_in(ctx, circular_id)
    return _page(ctx, row, *_schools_part(ctx, row), schools_only=True)


@blueprint.get("/circulars/<int:circular_id>.xlsx")
@requires(Permission.EDIT_WORKSHOP)
def circular_file(ctx: ActivityContext, circular_id: int) -> ResponseReturnValue:
    """The whole circular as a spreadsheet."""
    row = circulars.circular_in(ctx, circular_id)
    return _file(ctx, row, row.rows, row.content["schools"])


@blueprint.get("/circulars/<int:circular_id>/schools.xlsx")
@for_the_county
def circular_file_of_schools(
    ctx: ActivityContext, circular_id: int
) -> ResponseReturnValue:
    """The officer's part of it as a spreadsheet."""
    row = circulars.circular_in(ctx, circular_id)
    return _file(ctx, row, *_schools_part(ctx, row))


Part = tuple[Sequence[CircularRow], Sequence[dict[str, object]]]
"""The people and the schools of a circular that a reader may see."""


def _own_part(ctx: ActivityContext, circular: Circular) -> Part:
    if ctx.can(Permission.EDIT_WORKSHOP):
        return circular.rows, circular.content["schools"]
    rows = [row for row in circular.rows if row.user_id == ctx.user.id]
    if not rows:
        raise NotFound
    return rows, []


def _schools_part(ctx: ActivityContext, circular: Circular) -> Part:
    """The schools in the reader's charge; who has none of them finds nothing."""
    mine = {school.id for school in ctx.schools(while_open=False)}
    schools = [one for one in circular.content["schools"] if one["id"] in mine]
    rows = [row for row in circular.rows if row.school_id in mine]
    if not rows and not schools:
        raise NotFound
    return rows, schools


def _page(
    ctx: ActivityContext,
    circular: Circular,
    rows: Sequence[CircularRow],
    schools: Sequence[dict[str, object]],
    *,
    schools_only: bool,
) -> ResponseReturnValue:
    endpoint = "circular_file_of_schools" if schools_only else "circular_file"
    exports = schools_only or ctx.can(Permission.EDIT_WORKSHOP)
    return render_template(
        "attendance/circular.html",
        ctx=ctx,
        circular=circular,
        rows=rows,
        schools=schools,
        sessions=[
            {**one, "at": datetime.fromisoformat(one["starts_at"])}
            for one in circular.content["sessions"]
        ],
        corrected=circulars.corrections(ctx, rows),
        matters=MATTERS,
        standings=STANDINGS,
        columns=_columns(),
        export_url=ctx.url(endpoint, circular_id=circular.id) if exports else None,
        opens=ctx.can(Permission.VIEW),
    )


def _file(
    ctx: ActivityContext,
    circular: Circular,
    rows: Sequence[CircularRow],
    schools: Sequence[dict[str, object]],
) -> Response:
    data = workbook(circular, rows, schools, circulars.corrections(ctx, rows))
    answer = Response(data, mimetype=XLSX)
    name = quote(f"{circular.title}.xlsx", safe="")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"circular.xlsx\"; filename*=UTF-8''{name}"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
