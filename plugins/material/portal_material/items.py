"""The list of materials, as the leader keeps it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, Conflict, FileRef, Invalid, NotFound
from portal_material.models import Item, Kind

MOST_ITEMS = 100
MOST_TRIES = 5


@dataclass(frozen=True)
class Draft:
    """What the leader says of a material."""

    title: str
    text: str = ""
    url: str = ""
    file: FileRef | None = None
    subtitles: str = ""
    minutes: int = 0
    required_minutes: int = 0
    required: bool = True


def items_of(ctx: ActivityContext) -> Sequence[Item]:
    """What is on the list, in its order."""
    return ctx.session.scalars(
        select(Item)
        .where(Item.activity_id == ctx.activity.id, Item.removed_at.is_(None))
        .order_by(Item.position, Item.id)
    ).all()


def item_of(ctx: ActivityContext, number: int) -> Item:
    """One material on the list.

    Raises:
        NotFound: there is none of this number here, or it was taken off.
    """
    found = ctx.session.scalars(
        select(Item).where(
            Item.activity_id == ctx.activity.id,
            Item.number == number,
            Item.removed_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def add(ctx: ActivityContext, kind: Kind, draft: Draft) -> Item:
    """Put a material at the end of the list.

    Raises:
        Invalid: the list is full, or the draft asks for more than it can give.
    """
    check(kind, draft)
    if len(items_of(ctx)) >= MOST_ITEMS:
        raise Invalid("list_full", most=MOST_ITEMS)
    for _ in range(MOST_TRIES):
        item = Item(
            activity_id=ctx.activity.id,
            number=_next(ctx),
            position=_next(ctx),
            kind=kind,
            created_at=ctx.now,
            created_by_id=ctx.user.id,
        )
        _write(item, draft)
        try:
            with ctx.session.begin_nested():
                ctx.session.add(item)
        except IntegrityError:
            continue  # somebody else added one at the same time
        return item
    raise Conflict("changed_meanwhile")


def _next(ctx: ActivityContext) -> int:
    """A number that no material had, those off the list included."""
    last = ctx.session.scalar(
        select(func.max(Item.number)).where(Item.activity_id == ctx.activity.id)
    )
    return (last or 0) + 1


def change(ctx: ActivityContext, item: Item, version: int, draft: Draft) -> None:
    """Write what the leader says now. What was counted before stays counted.

    Raises:
        Conflict: somebody changed it since that version.
        Invalid: the draft asks for more than it can give.
    """
    check(Kind(item.kind), draft)
    ctx.session.refresh(item, with_for_update=True)
    if item.version != version:
        raise Conflict("changed_meanwhile")
    _write(item, draft)
    item.version += 1
    ctx.session.flush()


def _write(item: Item, draft: Draft) -> None:
    item.title, item.text, item.url = draft.title, draft.text, draft.url
    item.minutes, item.required_minutes = draft.minutes, draft.required_minutes
    item.required = draft.required
    item.file = asdict(draft.file) if draft.file else {}
    item.subtitles = draft.subtitles if draft.file else ""


def check(kind: Kind, draft: Draft) -> None:
    """Say what does not fit together.

    Raises:
        Invalid: page_empty, file_missing, link_missing, either_or, minutes_unseen,
            required_beyond.
    """
    if kind is Kind.PAGE and not draft.text.strip():
        raise Invalid("page_empty")
    if kind is Kind.FILE and draft.file is None:
        raise Invalid("file_missing")
    if kind is Kind.LINK and not draft.url:
        raise Invalid("link_missing")
    if kind is Kind.VIDEO and bool(draft.url) == bool(draft.file):
        raise Invalid("either_or")
    if draft.url and draft.minutes:
        raise Invalid("minutes_unseen")
    if draft.required_minutes > draft.minutes:
        raise Invalid("required_beyond")


def move(ctx: ActivityContext, item: Item, *, by: int) -> None:
    """Move a material up (-1) or down (1); beyond the ends it stays."""
    row = list(items_of(ctx))
    here = row.index(item)
    there = min(max(here + by, 0), len(row) - 1)
    row.insert(there, row.pop(here))
    for place, one in enumerate(row, 1):
        one.position = place
    ctx.session.flush()


def remove(ctx: ActivityContext, item: Item) -> None:
    """Take a material off the list; what was learned with it stays counted."""
    item.removed_at = ctx.now
    ctx.session.flush()


def bring_over(ctx: ActivityContext, source: ActivityContext) -> None:
    """Put what is on the list of another activity on this one's, as it is there.

    Files are kept by their content, so that both lists name the same.
    """
    for item in items_of(source):
        copy = Item(
            activity_id=ctx.activity.id,
            number=item.number,
            position=item.position,
            kind=item.kind,
            created_at=ctx.now,
            created_by_id=item.created_by_id,
        )
        _write(copy, draft_of(item))
        ctx.session.add(copy)
    ctx.session.flush()


def draft_of(item: Item) -> Draft:
    """What the leader said of a material."""
    return Draft(
        item.title,
        item.text,
        item.url,
        item.stored,
        item.subtitles,
        item.minutes,
        item.required_minutes,
        item.required,
    )
