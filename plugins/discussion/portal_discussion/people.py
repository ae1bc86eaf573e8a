"""Who is who in a discussion, read once a page."""

from dataclasses import dataclass
from functools import cached_property

from portal.api import ActivityContext, PersonRef
from portal.api import gettext as _


@dataclass(frozen=True)
class People:
    """Names of those who take part and guide; whoever left is named as such."""

    ctx: ActivityContext

    @cached_property
    def staff(self) -> dict[int, str]:
        """Who guides here, by id."""
        return {one.id: one.name for one in self.ctx.staff()}

    @cached_property
    def learners(self) -> dict[int, str]:
        """Who takes part, by id, in groups."""
        return {one.id: one.name for one in self.ctx.participants()}

    def name(self, user_id: int | None) -> str:
        """What they are called."""
        if user_id is None:
            return _("已注销的老师")
        me = self.ctx.user
        own = {me.id: me.name}
        known = self.staff.get(user_id) or self.learners.get(user_id)
        return known or own.get(user_id) or _("已退出的老师")

    def guides(self, user_id: int | None) -> bool:
        """Whether it is one of those who guide; a group's leader also learns."""
        return user_id in self.staff and user_id not in self.learners

    def person(self, user_id: int) -> PersonRef | None:
        """A reference to somebody of the workshop."""
        known = {**self.learners, **self.staff}
        return PersonRef(user_id, known[user_id]) if user_id in known else None
