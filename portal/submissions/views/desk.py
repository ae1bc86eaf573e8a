"""The grading desk: list left, work in the middle, judgement right."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access import keeps_form, requires
from portal.activity import SubmissionState, rubric_ref
from portal.clock import now
from portal.errors import Conflict, Invalid, NotFound, PortalError
from portal.permissions import Permission
from portal.plugins.pages import kind_of
from portal.site import MenuItem, menu_item
from portal.submissions import attachments, queries, reviewing
from portal.submissions.guiding import shown_to_reviewer
from portal.submissions.models import Submission
from portal.submissions.views.blueprint import (
    blueprint,
    handled,
    handled_before,
    new_form_key,
    number,
    the_submission,
)
from portal.submissions.views.judgement import (
    ReviewForm,
    carry_out,
    chosen_levels,
    turn_for,
)
from portal.submissions.views.pairs import pair_of
from portal.submissions.views.under_alias import files_for, html_for
from portal.web import actor, session, user
from portal.words import error_sentence

menu_item(MenuItem("submissions.desk", _l("批阅"), "pen", 30, Permission.REVIEW))

FILTERS = {
    "held": (SubmissionState.HELD, SubmissionState.REJECTED),
    "done": (SubmissionState.ACCEPTED, SubmissionState.RETURNED),
}


@blueprint.get("/desk")
@requires(Permission.REVIEW)
def desk() -> ResponseReturnValue:
    """The queue, the longest waiting first."""
    found = _queue()
    return render_template("submissions/desk.html", work=None, **_frame(found))


@blueprint.get("/desk/<int:submission_id>")
@requires(Permission.REVIEW)
def judge(submission_id: int) -> ResponseReturnValue:
    """One work on the desk."""
    work = the_submission(submission_id, Permission.REVIEW)
    form = ReviewForm(data={"revision": work.revision})
    return _page(work, form)


@blueprint.post("/desk/<int:submission_id>")
@requires(Permission.REVIEW)
@keeps_form
def decide(submission_id: int) -> ResponseReturnValue:
    """Accept, return or reject, and go on to the next that waits."""
    if done := handled_before():
        return done
    work = the_submission(submission_id, Permission.REVIEW)
    form = ReviewForm(request.form)
    if not form.validate():
        return _page(work, form, status=422)
    following = _next_after(work)
    try:
        with session().begin_nested():
            said = carry_out(work, form)
    except Invalid as error:
        form.form_errors.append(error_sentence(error))
        return _page(work, form, status=422)
    except (Conflict, NotFound) as error:
        return _changed_meanwhile(submission_id, form, error)
    flash(said, "ok")
    return handled(_url(following) if following else _desk_url())


def _changed_meanwhile(
    submission_id: int, form: ReviewForm, error: PortalError
) -> ResponseReturnValue:
    """Show the work as it is now, with all that the reviewer wrote."""
    session().expire_all()
    work = the_submission(submission_id, Permission.REVIEW)
    form.form_errors.append(error_sentence(error))
    form.revision.data = str(work.revision)
    return _page(work, form, status=409)


def _arguments() -> dict[str, Any]:
    """The filters of the queue, kept from work to work."""
    kept = ("workshop", "activity", "group", "show")
    return {name: request.args[name] for name in kept if request.args.get(name)}


def _queue() -> queries.Queue:
    return queries.queue(
        session(),
        actor(),
        workshop_id=number("workshop"),
        activity_id=number("activity"),
        group_id=number("group"),
        states=FILTERS.get(_show()),
    )


def _show() -> str:
    wanted = request.args.get("show", "")
    return wanted if wanted in FILTERS else "waiting"


def _next_after(work: Submission) -> int | None:
    """The text that waits after this one; the queue starts again at its end."""
    ids = [row.id for row in _queue().rows]
    if work.id in ids:
        place = ids.index(work.id)
        ids = ids[place + 1 :] + ids[:place]
    return ids[0] if ids else None


def _frame(found: queries.Queue) -> dict[str, Any]:
    return {
        "queue": found,
        "arguments": _arguments(),
        "show": _show(),
        "now": now(),
    }


def _page(
    work: Submission, form: ReviewForm, *, status: int = 200
) -> ResponseReturnValue:
    found = _queue()
    ids = [row.id for row in found.rows]
    place = ids.index(work.id) if work.id in ids else None
    version = work.versions[-1]
    kind = kind_of(work.activity)
    turn = turn_for(work, kind)
    files = attachments.files_of_versions(session(), work)
    rubric = reviewing.rubric_of(session(), work)
    written = {v.id: html_for(v, files[v.id], turn) for v in work.versions}
    page = render_template(
        "submissions/desk.html",
        work=work,
        turn=turn,
        author=turn.alias or work.user.name,
        reviews=shown_to_reviewer(work, turn, user().id),
        version=version,
        html=written[version.id],
        files=files_for(work, files[version.id], turn),
        earlier=list(reversed(work.versions[:-1])),
        earlier_html=written,
        pair=None if turn.alias else pair_of(version, kind),
        available=kind is not None,
        form_key=request.form.get("form_key") or new_form_key(),
        form=form,
        criteria=rubric_ref(rubric.title, rubric.criteria).choices if rubric else [],
        levels=chosen_levels(),
        decides_held=turn.decides,
        before=_url(ids[place - 1]) if place else None,
        after=_url(ids[place + 1])
        if place is not None and place + 1 < len(ids)
        else None,
        **_frame(found),
    )
    return page, status


def _desk_url() -> str:
    return url_for("submissions.desk", **_arguments())


def _url(submission_id: int) -> str:
    return url_for("submissions.judge", submission_id=submission_id, **_arguments())
