"""What a sheet leaves unsaid: that something was not expected, for leave was approved.

No fact is reported of what nobody owes, and leave changes no mark. So it is no part
of the stored sheet: it is worked out when the sheet is read, from the leave and the
dates as they stand. A decision shows at once, and a rebuild changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from portal.activity import ActivityType, Slot
from portal.leave.models import Leave, LeaveState
from portal.plugins.manager import PluginFailed
from portal.schemes.engine.rules import Item, Scheme
from portal.schemes.engine.sheet import Line, Sheet
from portal.study.tasks import KindOf
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import Activity, ActivityState

MOST_NAMED = 3
"""So many are named one by one; of more the first and the last."""


@dataclass(frozen=True)
class LeftOut:
    """What a person would owe in an activity, were they not on leave."""

    activity: Activity
    slot: Slot

    @property
    def stage(self) -> int | None:
        """The stage of the activity, as its facts would report it."""
        return self.activity.stage.position if self.activity.stage else None

    def is_done(self, line: Line) -> bool:
        """Whether the person did it all the same."""
        keys = {fact.key for fact in line.facts if _is_of(fact.activity, self.activity)}
        return not keys.isdisjoint(self.slot.keys)


def left_out(
    session: Session, user_id: int, workshop_ids: Sequence[int], kind_of: KindOf
) -> dict[int, list[LeftOut]]:
    """What leave took out of a person's duty, by workshop, the earliest first.

    One query where no leave was approved in the time of any activity.
    """
    on_leave = exists().where(
        Leave.user_id == user_id,
        Leave.state == LeaveState.APPROVED,
        Leave.starts_at < Activity.ends_at,
        Leave.ends_at > Activity.starts_at,
    )
    activities = session.scalars(
        select(Activity)
        .where(
            Activity.workshop_id.in_(workshop_ids),
            Activity.state != ActivityState.DRAFT,
            on_leave,
        )
        .options(joinedload(Activity.stage))
    ).all()
    table = timetable(session, activities, [user_id]) if activities else None
    found: dict[int, list[LeftOut]] = {}
    for activity in activities:
        kind = kind_of(activity)
        if table is not None and kind is not None:
            slots = _slots(kind, table, activity, user_id)
            mine = found.setdefault(activity.workshop_id, [])
            mine += [LeftOut(activity, slot) for slot in slots]
    for each in found.values():
        each.sort(key=lambda one: (one.slot.due, one.activity.id, one.slot.key))
    return found


def _slots(
    kind: ActivityType, table: Timetable, activity: Activity, user_id: int
) -> list[Slot]:
    """What leave took out here; nothing where the type fails or it is settled."""
    try:
        slots = table.left_out(kind, activity, user_id)
    except PluginFailed:
        return []
    return [
        slot for slot in slots if (activity.id, user_id, slot.key) not in table.settled
    ]


def said_of(
    sheet: Sheet, scheme: Scheme, missing: Sequence[LeftOut]
) -> Mapping[str, str]:
    """By item, in words: what of that which it counts was not expected."""
    items = {item.id: item for item, _parent in scheme.walk()}
    told = {
        line.item: titles
        for line in sheet.lines
        if (titles := list(_titles(line, items[line.item], missing)))
    }
    return {item: _say(titles) for item, titles in told.items()}


def _titles(line: Line, item: Item, missing: Sequence[LeftOut]) -> Iterator[str]:
    for one in missing:
        counted = any(
            source.source == one.activity.type
            and (not source.stages or one.stage in source.stages)
            for source in item.sources
        )
        if counted and not one.is_done(line):
            yield str(one.slot.title)


def _say(titles: Sequence[str]) -> str:
    count = len(titles)
    if count > MOST_NAMED:
        return str(
            _(
                "准假期间的%(count)s项不列入任务：从“%(first)s”到“%(last)s”。",
                count=count,
                first=titles[0],
                last=titles[-1],
            )
        )
    return str(
        ngettext(
            "准假期间的%(count)s项不列入任务：%(titles)s。",
            "准假期间的%(count)s项不列入任务：%(titles)s。",
            count,
            count=count,
            titles=_("、").join(titles),
        )
    )


def _is_of(known: str | int, activity: Activity) -> bool:
    return str(known) == str(activity.id)
