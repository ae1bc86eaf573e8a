"""The quiet page: write, save by itself, hand in; nothing is ever lost."""

from dataclasses import replace
from typing import Any

from flask import current_app, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _
from wtforms import FileField, Form, SubmitField, TextAreaField

from portal.access import keeps_form, signed_in
from portal.activity import Answer
from portal.clock import now
from portal.errors import Conflict, Forbidden, Invalid
from portal.files.storing import keep_upload
from portal.plugins import pages
from portal.plugins.manager import PluginFailed
from portal.submissions import attachments, drafts, handing_in
from portal.submissions.judging import file_ref
from portal.submissions.models import Draft, Submission
from portal.submissions.slots import settings_of
from portal.submissions.text import count_characters
from portal.submissions.views.blueprint import (
    blueprint,
    handled,
    handled_before,
    new_form_key,
)
from portal.submissions.views.writing_desk import Desk, desk_for
from portal.submissions.windows import returned_until
from portal.web import go_to, session, user, wants_json
from portal.words import error_sentence


@blueprint.get("/activities/<int:activity_id>/write/<path:slot_key>")
@signed_in
def write(activity_id: int, slot_key: str) -> ResponseReturnValue:
    """The page one writes on; a text that is handed in is read elsewhere."""
    desk = desk_for(activity_id, slot_key)
    given = desk.submission
    if given is not None and given.state not in drafts.WRITABLE:
        return _to_page_of(given)
    return _page(desk, desk.form())


def _to_page_of(given: Submission) -> ResponseReturnValue:
    """Go to the page of what was handed in."""
    return go_to("submissions.submission", submission_id=given.id)


def _page(
    desk: Desk,
    form: Form,
    *,
    status: int = 200,
    theirs: Draft | None = None,
    problems: list[str] | None = None,
) -> ResponseReturnValue:
    rules = desk.kind.rules_of(settings_of(desk.activity, desk.kind), desk.slot)
    text = _text_of(form)
    page = render_template(
        "submissions/write.html",
        desk=desk,
        form=form,
        rules=rules,
        length=count_characters(text).characters,
        files=desk.files(),
        theirs=theirs,
        problems=problems or [],
        form_key=request.form.get("form_key") or new_form_key(),
        saved_at=_clock_time(desk.draft) if desk.draft else None,
        now=now(),
        returned_until=returned_until(desk.submission, rules),
        megabytes=current_app.config["MAX_FILE_SIZE"] // 1024 // 1024,
    )
    return page, status


def _text_of(form: Form) -> str:
    field = form._fields.get("text")
    return str(field.data or "") if field is not None else ""


def _words_of(form: Form) -> str:
    """All that stands in the text areas."""
    areas = (field.data for field in form if isinstance(field, TextAreaField))
    return "\n\n".join(words for words in areas if words)


def _clock_time(draft: Draft) -> str:
    return str(format_time(draft.saved_at, "HH:mm"))


@blueprint.post("/activities/<int:activity_id>/draft/<path:slot_key>")
@signed_in
def autosave(activity_id: int, slot_key: str) -> ResponseReturnValue:
    """Keep what is being written; an older window gets both texts and a 409."""
    if _written_by_another():
        return jsonify(error="other_user"), 403
    desk = desk_for(activity_id, slot_key)
    form = desk.form(request.form)
    submission = desk.begin()
    try:
        draft = drafts.save_draft(
            session(), submission, _answer_data(form), counter=_counter()
        )
    except drafts.StaleDraft as stale:
        return jsonify(
            error="stale",
            text=str(stale.draft.answer.get("text", "")),
            counter=stale.draft.counter,
        ), 409
    return jsonify(counter=draft.counter, saved_at=_clock_time(draft))


@blueprint.post("/activities/<int:activity_id>/write/<path:slot_key>")
@signed_in
@keeps_form
def hand_in(activity_id: int, slot_key: str) -> ResponseReturnValue:
    """Hand in, or save without scripts; a form sent twice is carried out once."""
    if _written_by_another():
        raise Forbidden("other_user")
    if done := handled_before():
        return done
    desk = desk_for(activity_id, slot_key)
    form = desk.form(request.form)
    submission = desk.begin()
    if submission.state not in drafts.WRITABLE:
        return _already_there(desk, form)
    problems = _take_files(desk)
    try:
        desk.draft = _save(desk, form)
    except drafts.StaleDraft as stale:
        desk.draft = stale.draft
        return _page(desk, form, status=409, theirs=stale.draft, problems=problems)
    if problems:
        return _page(desk, form, status=422, problems=problems)
    if request.form.get("save"):
        flash(_("草稿已保存。"), "ok")
        return go_to("submissions.write", activity_id=activity_id, slot_key=slot_key)
    return _hand_in(desk, form, submission)


def _written_by_another() -> bool:
    """Whether the page was opened by somebody who is not logged in any more (A13)."""
    return request.form.get("user_id", str(user().id)) != str(user().id)


def _already_there(desk: Desk, form: Form) -> ResponseReturnValue:
    """Sent from another window meanwhile: say so, and keep what this one holds."""
    assert desk.submission is not None
    latest = desk.submission.versions[-1]
    if _answer_data(form) == latest.answer:
        return _to_page_of(desk.submission)
    error = Conflict("handed_in_elsewhere", title=str(desk.slot.title))
    if wants_json():
        raise error
    page = render_template(
        "submissions/elsewhere.html",
        desk=desk,
        problem=error_sentence(error),
        mine=_words_of(form),
        theirs=latest.text,
    )
    return page, 409


def _save(desk: Desk, form: Form) -> Draft:
    assert desk.submission is not None
    return drafts.save_draft(
        session(), desk.submission, _answer_data(form), counter=_counter()
    )


def _hand_in(desk: Desk, form: Form, submission: Submission) -> ResponseReturnValue:
    try:
        answer = _answer(desk, form, submission)
        if answer is None:
            return _page(desk, form, status=422)
        with session().begin_nested():
            handing_in.hand_in(session(), submission, desk.slot, desk.kind, answer)
    except Invalid as error:
        return _page(desk, form, status=422, problems=[error_sentence(error)])
    except PluginFailed:
        return pages.trouble(desk.activity)
    flash(_receipt(submission), "ok")
    return handled(url_for("submissions.submission", submission_id=submission.id))


def _answer(desk: Desk, form: Form, submission: Submission) -> Answer | None:
    """What the form says, with the draft's files; None where it is not valid."""
    context = pages.context_of(desk.activity, desk.kind)
    plugin = pages.owner_of(desk.activity)
    with pages.manager().guarded(plugin, session(), passing=pages.ANSWERS):
        if not form.validate():
            return None
        answer = desk.kind.take_in(context, form)
    files = attachments.files_of(session(), submission)
    return replace(answer, files=(*answer.files, *(file_ref(file) for file in files)))


def _receipt(submission: Submission) -> str:
    """What the person may rely on: it is in, when, and under which number."""
    version = submission.versions[-1]
    return _(
        "已提交。收到时间 %(time)s，回执号 %(number)s。",
        time=format_time(version.handed_in_at, "HH:mm:ss"),
        number=f"{submission.id}-{version.number}-{version.digest[:6]}",
    )


def _take_files(desk: Desk) -> list[str]:
    """Keep the uploads with the draft, and take off what is to go; list the refused."""
    assert desk.submission is not None
    refused = []
    for upload in request.files.getlist("files"):
        if not upload.filename:
            continue
        try:
            with session().begin_nested():
                stored = keep_upload(upload, user().id)
                attachments.attach(session(), desk.submission, stored)
        except Invalid as error:
            refused.append(error_sentence(error))
    for file_id in request.form.getlist("remove_file", type=int):
        attachments.detach(session(), desk.submission, file_id)
    return refused


def _answer_data(form: Form) -> dict[str, Any]:
    """The fields that a draft can keep: their values are JSON, and no uploads."""
    return {
        field.name: field.data
        for field in form
        if not isinstance(field, FileField | SubmitField) and _is_json(field.data)
    }


def _is_json(value: object) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)


def _counter() -> int:
    return request.form.get("counter", default=0, type=int)
