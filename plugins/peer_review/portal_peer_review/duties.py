"""What reviewers owe, and the words they get: on My study, and as notices."""

from collections.abc import Iterable

from portal.api import ActivityContext, PersonRef, Words, ngettext
from portal.api import lazy_gettext as _l
from portal_peer_review import rounds
from portal_peer_review.giving import is_done
from portal_peer_review.models import Allocation
from portal_peer_review.schedule import Phase

KEY = "reviewing"


def bring_up_to_date(ctx: ActivityContext, people: Iterable[int]) -> None:
    """Let each of these people owe what they have to assess, while it can be done."""
    asked = set(people)
    if not asked:
        return
    dates = rounds.dates_of(ctx)
    running = dates.phase(ctx.now) is Phase.ASSESSMENT
    rows = rounds.by_reviewer(rounds.allocations(ctx.session, ctx.activity.id))
    for number in sorted(asked):
        person = PersonRef(number, "")
        left = [row for row in rows.get(number, ()) if not is_done(row)]
        if running and left:
            title = ngettext("评阅 %(num)s 篇作品", "评阅 %(num)s 篇作品", len(left))
            ctx.owe(KEY, person, dates.assess_until, "", title=title)
        else:
            ctx.settle(KEY, person)


def tell_that_it_begins(ctx: ActivityContext, people: Iterable[int]) -> None:
    """Tell reviewers that their works can be read now; once for a date."""
    dates = rounds.dates_of(ctx)
    ctx.notify(
        [PersonRef(number, "") for number in sorted(set(people))],
        title=_l("互评开始：请评阅分给您的作品"),
        body=_place(ctx),
        once=f"begins:{dates.assess_from.isoformat()}",
    )


def tell_of_new_works(ctx: ActivityContext, added: Iterable[Allocation]) -> None:
    """Tell reviewers of works that came to them while the assessment runs."""
    for row in added:
        ctx.notify(
            [PersonRef(row.reviewer_id, "")],
            title=_l("又有一篇作品请您评阅"),
            body=_place(ctx),
            once=f"given:{row.id}",
        )


def tell_of_results(ctx: ActivityContext, people: Iterable[int]) -> None:
    """Tell authors that they can read what was said of their works."""
    dates = rounds.dates_of(ctx)
    ctx.notify(
        [PersonRef(number, "") for number in sorted(set(people))],
        title=_l("互评结果已公布，可以查看评语和得分"),
        body=_place(ctx),
        once=f"results:{dates.results_at.isoformat()}",
    )


def _place(ctx: ActivityContext) -> Words:
    return _l(
        "工作坊“%(workshop)s”，活动“%(activity)s”。",
        workshop=ctx.workshop.title,
        activity=ctx.activity.title,
    )
