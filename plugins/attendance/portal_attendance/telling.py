"""Notices about seats and circulars: to schools, to those named, to who leads."""

from collections.abc import Iterable, Mapping, Sequence

from portal.api import ActivityContext, OrganisationRef, Permission, PersonRef
from portal.api import lazy_gettext as _l
from portal_attendance.circular_models import Circular
from portal_attendance.drafting import ABSENT, Matter
from portal_attendance.seat_models import SeatList, Substitution
from portal_attendance.seats import SchoolSeats, last_moment


def ask_schools(
    ctx: ActivityContext, row: SeatList, schools: Iterable[OrganisationRef]
) -> None:
    """Tell the officers of these schools that they have seats, once a deadline."""
    last = last_moment(row).astimezone(ctx.span.zone)
    for school in schools:
        ctx.notify(
            ctx.officers(school),
            title=_l("“%(title)s”请贵校报名", title=ctx.activity.title),
            body=_l(
                "%(school)s有名额，请在 %(month)s 月 %(day)s 日以前（含当天）报好。",
                school=school.name,
                month=last.month,
                day=last.day,
            ),
            url=ctx.url("naming_page"),
            once=f"seats:{school.id}:{row.deadline:%Y%m%d%H%M}",
        )


def remind_schools(
    ctx: ActivityContext, row: SeatList, found: Sequence[SchoolSeats]
) -> None:
    """Remind the officers of schools that left seats free, once a deadline."""
    for school in {one.school for one in found if one.free}:
        free = sum(one.free for one in found if one.school == school)
        ctx.notify(
            ctx.officers(school),
            title=_l("“%(title)s”明天截止报名", title=ctx.activity.title),
            body=_l(
                "%(school)s还有 %(free)s 个名额没有报。", school=school.name, free=free
            ),
            url=ctx.url("naming_page"),
            once=f"seats-short:{school.id}:{row.deadline:%Y%m%d%H%M}",
        )


def tell_named(ctx: ActivityContext, people: Sequence[PersonRef]) -> None:
    """Tell those named that they take part, now that the list is locked."""
    ctx.notify(
        people,
        title=_l("您被报名参加“%(title)s”", title=ctx.activity.title),
        body=_l("名单已经锁定，不能来要按规定请假。"),
        once="named",
    )


def tell_of_lock(ctx: ActivityContext, short: Mapping[str, int]) -> None:
    """Tell who leads that the list is locked, and which schools left seats free."""
    listed = "、".join(f"{school}（{free}）" for school, free in short.items())
    ctx.notify(
        ctx.staff(holding=Permission.MANAGE_ENROLMENT),
        title=_l("“%(title)s”的名单已锁定", title=ctx.activity.title),
        body=_l("没有报满的学校：%(schools)s。", schools=listed)
        if short
        else _l("各校都已报满。"),
        url=ctx.url("seats_page"),
        once="locked",
    )


def tell_of_request(ctx: ActivityContext, row: Substitution) -> None:
    """Tell who leads that a school asks for a substitution."""
    ctx.notify(
        ctx.staff(holding=Permission.MANAGE_ENROLMENT),
        title=_l("“%(title)s”有换人申请", title=ctx.activity.title),
        body=_l(
            "%(old)s换成%(new)s：%(reason)s",
            old=row.naming.name,
            new=row.replacement_name,
            reason=row.reason,
        ),
        url=ctx.url("seats_page"),
        once=f"substitution:{row.id}",
    )


def tell_of_decision(ctx: ActivityContext, row: Substitution) -> None:
    """Tell who asked, and, where it was approved, the two whom it is about."""
    asked = [PersonRef(row.asked_by_id, "")] if row.asked_by_id else []
    change = {"old": row.naming.name, "new": row.replacement_name}
    ctx.notify(
        asked,
        title=_l("换人申请已批准") if row.approved else _l("换人申请未批准"),
        body=_l("%(old)s换成%(new)s。%(answer)s", **change, answer=row.answer),
        url=ctx.url("naming_page"),
        once=f"substitution-decided:{row.id}",
    )
    if row.approved:
        ctx.notify(
            [
                PersonRef(row.naming.user_id, row.naming.name),
                PersonRef(row.replacement_id, row.replacement_name),
            ],
            title=_l("“%(title)s”换人", title=ctx.activity.title),
            body=_l("%(old)s换成%(new)s，已经批准。", **change),
            once=f"substituted:{row.id}",
        )


def tell_of_circular(ctx: ActivityContext, row: Circular) -> None:
    """Tell those named in it, and the officers of their schools."""
    named = {r.user_id: r.name for r in row.rows if r.matter != Matter.VISITOR}
    ctx.notify(
        [PersonRef(number, name) for number, name in named.items()],
        title=_l("您被列入通报：%(title)s", title=row.title),
        body=_l("记录有误的话，可以申请更正。"),
        url=ctx.url("circular_page", circular_id=row.id),
        once=f"circular:{row.number}",
    )
    for school_id in sorted({r.school_id for r in row.rows if r.school_id}):
        absent = sum(r.school_id == school_id and r.matter in ABSENT for r in row.rows)
        place = OrganisationRef(school_id, "", ctx.organisation.tenant_id)
        ctx.notify(
            ctx.officers(place),
            title=row.title,
            body=_l("贵校缺训 %(many)s 人次，请看通报。", many=absent)
            if absent
            else _l("通报里有贵校教师，请看。"),
            url=ctx.url("circular_of_schools", circular_id=row.id),
            once=f"circular-school:{row.number}:{school_id}",
        )
