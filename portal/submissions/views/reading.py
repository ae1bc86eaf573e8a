"""Reading: what was handed in, in all its versions, and what was said about it."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access import signed_in
from portal.activity import Decision, SubmissionState
from portal.errors import Invalid
from portal.permissions import Permission, can
from portal.plugins.pages import kind_of
from portal.site import MenuItem, menu_item
from portal.submissions import attachments, queries, reviewing
from portal.submissions.guiding import (
    hidden_reviewers,
    in_order,
    shown_to_author,
    shown_to_reviewer,
)
from portal.submissions.models import Review, Submission
from portal.submissions.views.blueprint import (
    blueprint,
    number,
    shown,
    the_submission,
)
from portal.submissions.views.judgement import turn_for
from portal.waiting import count_for
from portal.web import actor, go_to, session, user
from portal.words import error_sentence

PER_PAGE = 20

menu_item(MenuItem("submissions.feedback", _l("我的反馈"), "chat", 20))
count_for("submissions.feedback", queries.UNREAD_FEEDBACK)


@blueprint.get("/submissions/<int:submission_id>")
@signed_in
def submission(submission_id: int) -> ResponseReturnValue:
    """One work: its newest version, the versions before, the feedback."""
    return _page(the_submission(submission_id))


def _page(
    found: Submission,
    *,
    status: int = 200,
    problem: str | None = None,
    answered: int | None = None,
) -> ResponseReturnValue:
    """The page; `answered` is the review whose answer has a problem."""
    mine = found.user_id == user().id
    files = attachments.files_of_versions(session(), found)
    versions = [
        {
            "row": version,
            "html": shown(version, files[version.id]),
            "files": files[version.id],
        }
        for version in reversed(found.versions)
    ]
    reviews = _reviews(found, mine=mine)
    page = render_template(
        "submissions/submission.html",
        submission=found,
        versions=versions,
        reviews=reviews,
        hidden=hidden_reviewers(session(), found) if mine else frozenset(),
        mine=mine,
        judges=can(actor(), Permission.REVIEW, found),
        revisable=mine and found.state == SubmissionState.RETURNED,
        unread=mine and any(review.read_at is None for review in reviews),
        problem=problem,
        answered=answered,
        answer=request.form.get("answer", ""),
    )
    return page, status


def _reviews(found: Submission, *, mine: bool) -> list[Review]:
    """What was said of the work, as far as the reader sees it."""
    if mine:
        return shown_to_author(found)
    if can(actor(), Permission.READ_SUBMISSIONS, found.activity):
        return in_order(found.reviews)
    turn = turn_for(found, kind_of(found.activity))
    return shown_to_reviewer(found, turn, user().id)


@blueprint.post("/submissions/<int:submission_id>/read")
@signed_in
def read(submission_id: int) -> ResponseReturnValue:
    """Note that the author saw the feedback."""
    found = the_submission(submission_id)
    for review in shown_to_author(found):
        reviewing.mark_read(session(), review, by=user().id)
    return ("", 204) if request.form.get("quiet") else _back_to(found)


@blueprint.post("/reviews/<int:review_id>/answer")
@signed_in
def answer(review_id: int) -> ResponseReturnValue:
    """Let the author answer a remark."""
    review = reviewing.review_of(session(), review_id)
    found = the_submission(review.submission_id)
    words = request.form.get("answer", "").replace("\r\n", "\n")
    try:
        reviewing.answer_review(session(), review, words, by=user().id)
    except Invalid as error:
        sentence = error_sentence(error)
        return _page(found, status=422, problem=sentence, answered=review_id)
    flash(_("回复已保存，批阅的老师会看到。"), "ok")
    return _back_to(found)


def _back_to(found: Submission) -> ResponseReturnValue:
    return go_to("submissions.submission", submission_id=found.id)


@blueprint.get("/feedback")
@signed_in
def feedback() -> ResponseReturnValue:
    """All that was said about the person's work, across workshops, newest first."""
    total = queries.feedback_count(session(), user().id)
    page_count = max(1, -(-total // PER_PAGE))
    page = min(max(1, number("page") or 1), page_count)
    rows = queries.feedback(
        session(), user().id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    return render_template(
        "submissions/feedback.html",
        letters=[_letter(row) for row in rows],
        page=page,
        page_count=page_count,
        total=total,
        url_of=lambda number: url_for("submissions.feedback", page=number),
    )


def _letter(review: Review) -> dict[str, object]:
    """One review as a line of the list."""
    found = review.submission
    word, kind = _WORDS[review.decision] if review.decision else (None, "muted")
    return {
        "title": found.slot_title,
        "url": url_for("submissions.submission", submission_id=found.id),
        "time": review.at,
        "by": review.reviewer.name if review.reviewer else None,
        "place": f"{found.activity.workshop.title} · {found.activity.title}",
        "excerpt": review.advice or review.remark,
        "unread": review.read_at is None,
        "state": word,
        "kind": kind,
    }


_WORDS = {
    Decision.ACCEPT: (_l("已通过"), "ok"),
    Decision.RETURN: (_l("已退回"), "warn"),
    Decision.REJECT: (_l("未通过"), "danger"),
}
