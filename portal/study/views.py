"""My study, the first page, and My record, what a teacher has to show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.access import signed_in
from portal.activity import Place
from portal.clock import now
from portal.credits.own import own_credits
from portal.i18n import due_in_words, left_in_words
from portal.permissions import Permission
from portal.plugins import pages
from portal.plugins.own import own_of
from portal.schemes.engine.sheet import Sheet
from portal.schemes.queries import Judged, judged_in
from portal.schemes.service import rules_of
from portal.schemes.words.showing import amount_of, level_of, only_levels, shown_lacks
from portal.site import MenuItem, count, menu_item
from portal.study import on_leave, tasks
from portal.study.asked import asked
from portal.study.evidence import evidence_of
from portal.submissions.queries import new_feedback, waiting_count
from portal.web import actor, safe_path, session, user
from portal.workshops.models import Activity, Workshop, WorkshopRole, WorkshopState
from portal.workshops.progress import Progress, progress_source
from portal.workshops.queries import MINE, MyWorkshop, as_mine, mine

blueprint = Blueprint("study", __name__)

menu_item(MenuItem("study.home", _l("我的研修"), "home", 10))
menu_item(MenuItem("study.record", _l("我的成长档案"), "book", 40))

SHOWN_TASKS = 12
SHOWN_LACKS = 3
"""What lacks and the first ways to reach it; My record has them all."""
NEW_FEEDBACK = 3
KEPT = (WorkshopState.OPEN, WorkshopState.CLOSED, WorkshopState.ARCHIVED)
"""A record is for good: what was done in an archived workshop stays in it."""


@progress_source
def progress(
    session: Session, user_id: int, activities: Sequence[Activity]
) -> dict[int, Progress]:
    """How far a person is, for the workshop's page."""
    return tasks.progress(session, user_id, activities, pages.kind_of, now=now())


@dataclass(frozen=True)
class Standing:
    """Where the person stands in one workshop."""

    workshop: Workshop
    judged: Judged | None

    @property
    def sheet(self) -> Sheet | None:
        """The score sheet, where the workshop has a scheme."""
        return self.judged.sheet if self.judged else None

    @property
    def level(self) -> str | None:
        """The band in words, where only that is shown and not the mark."""
        if self.judged is None:
            return None
        rules = rules_of(self.judged.version)
        return level_of(rules, self.judged.sheet) if only_levels(rules) else None

    @property
    def verdict(self) -> str | None:
        """Whether they qualify; those in a band by the name of the band."""
        if self.judged is None:
            return None
        sheet, rules = self.judged.sheet, rules_of(self.judged.version)
        if sheet.qualified is False:
            return _("尚未合格")
        if sheet.band and not only_levels(rules):
            return level_of(rules, sheet)
        return _("合格") if sheet.qualified else None

    @property
    def needed(self) -> str | None:
        """The mark that passes, where marks are shown."""
        return self.judged.needed if self.judged and self.level is None else None

    @property
    def lacks(self) -> list[str]:
        """What lacks to qualify."""
        if self.judged is None:
            return []
        return shown_lacks(rules_of(self.judged.version), self.judged.sheet)

    @property
    def words(self) -> str:
        """One line: "72.5 of 60 needed"; what lacks follows it."""
        if self.sheet is None:
            return _("这个工作坊还没有考核方案。")
        mark = self.level or _("%(mark)s 分", mark=self.sheet.shown)
        if self.needed is None:
            return _("现在 %(mark)s", mark=mark)
        return _("现在 %(mark)s，合格线 %(needed)s 分", mark=mark, needed=self.needed)


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """What to do next, new feedback, and where one stands."""
    standings, leading = _standings()
    taking = [standing.workshop for standing in standings]
    activities = tasks.running_activities(
        session(), [workshop.id for workshop in taking]
    )
    working = tasks.working(activities, pages.kind_of)
    own = own_of(session(), actor(), [activity for activity, _ in working])
    waiting = tasks.tasks(user().id, working, own, now=now())
    reviews = actor().holds(Permission.REVIEW)
    if reviews:
        waiting = sorted([*waiting, *asked(session(), actor())], key=lambda t: t.due)
    return render_template(
        "study/home.html",
        tasks=[_as_task(task) for task in waiting[:SHOWN_TASKS]],
        more=max(0, len(waiting) - SHOWN_TASKS),
        standings=standings,
        leading=leading,
        overseen=actor().workshops(Permission.VIEW_OVERVIEW),
        shown_lacks=SHOWN_LACKS,
        to_review=waiting_count(session(), actor()) if reviews else 0,
        letters=_new_letters(),
        fragments=pages.fill(Place.DASHBOARD, pages.page_of(own=own)),
    )


def _as_task(task: tasks.Task) -> dict[str, object]:
    word, kind, button = _STATES[task.state]
    due = due_in_words(task.due)
    left = left_in_words(task.due)
    return {
        "title": _title(task),
        "url": _url(task),
        "button": button if task.slot_key else _("去完成"),
        "place": task.activity.workshop.title,
        "due": _("%(due)s截止，%(left)s", due=due, left=left)
        if left
        else _("%(due)s已截止", due=due),
        "state": word,
        "kind": kind,
    }


def _title(task: tasks.Task) -> str:
    """The activity, and which part of it where its name and kind do not say that."""
    kind = pages.kind_of(task.activity)
    known = {task.activity.title, str(kind.title) if kind else ""}
    if str(task.title) in known:
        return task.activity.title
    return f"{task.activity.title} · {task.title}"


def _url(task: tasks.Task) -> str:
    """Where to do it; a duty's own page, as far as it is one of this site."""
    if task.slot_key is not None:
        return url_for(
            "submissions.write", activity_id=task.activity.id, slot_key=task.slot_key
        )
    own = url_for("plugins.activity", activity_id=task.activity.id)
    return safe_path(task.url) or own


_STATES = {
    "open": (None, "muted", _l("去写")),
    "draft": (_l("草稿"), "muted", _l("接着写")),
    "returned": (_l("已退回"), "warn", _l("去修改")),
    "late": (_l("可补交"), "danger", _l("去补交")),
}


def _standings(
    states: Iterable[WorkshopState] = (WorkshopState.OPEN, WorkshopState.CLOSED),
) -> tuple[list[Standing], list[MyWorkshop]]:
    """Where the person takes part and how they stand there, and what they lead."""
    learning = {
        grant.workshop_id
        for grant in actor().grants
        if grant.role == WorkshopRole.LEARNER and grant.workshop_id is not None
    }
    asked = mine(actor(), states=states)
    rows = judged_in(session(), user().id, MINE, asked, taking_part=learning)
    own = [
        (found, judged)
        for workshop, judged in rows
        if (found := as_mine(actor(), workshop)) is not None
    ]
    return (
        [Standing(m.workshop, judged) for m, judged in own if m.takes_part],
        [m for m, _ in own if not m.takes_part],
    )


def _new_letters() -> Sequence[Mapping[str, object]]:
    if not count("submissions.feedback"):
        return []
    return [
        {
            "title": review.submission.slot_title,
            "url": url_for(
                "submissions.submission", submission_id=review.submission_id
            ),
            "time": review.at,
            "by": review.reviewer.name if review.reviewer else None,
            "excerpt": review.advice or review.remark,
            "unread": True,
        }
        for review in new_feedback(session(), user().id, limit=NEW_FEEDBACK)
    ]


@blueprint.get("/record")
@signed_in
def record() -> ResponseReturnValue:
    """Score sheets line by line, each mark with its rule and its evidence."""
    standings, _ = _standings(KEPT)
    return render_template(
        "study/record.html",
        standings=standings,
        amount_of=amount_of,
        on_leave=_on_leave(standings),
        evidence=evidence_of(session(), user().id),
        credits=own_credits(session(), user().id, request.args.get("year", type=int)),
    )


def _on_leave(standings: Sequence[Standing]) -> dict[int, Mapping[str, str]]:
    """By workshop and item: what was not expected, for the person was on leave."""
    judged = {each.workshop.id: each.judged for each in standings if each.judged}
    found = on_leave.left_out(session(), user().id, list(judged), pages.kind_of)
    return {
        workshop_id: on_leave.said_of(
            judged[workshop_id].sheet, rules_of(judged[workshop_id].version), missing
        )
        for workshop_id, missing in found.items()
    }
