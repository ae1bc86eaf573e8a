"""The discussion as an activity type."""

from collections.abc import Iterable, Mapping, Sequence

from portal.api import (
    ActivityContext,
    ActivityType,
    Json,
    Measure,
    Scenario,
    Settings,
    Slot,
    Span,
)
from portal.api import lazy_gettext as _l
from portal_discussion import moderating, overview, posting
from portal_discussion.counting import slot_key
from portal_discussion.forms import DiscussionSettings
from portal_discussion.models import Base, Post
from portal_discussion.scenarios import scenarios
from portal_discussion.views.blueprint import blueprint


class Discussion(ActivityType):
    """People start topics and answer one another; what is long enough counts."""

    name = "discussion"
    title = _l("研讨交流")
    icon = "chat"
    template = "discussion/view.html"
    settings_form = DiscussionSettings
    base = Base
    blueprint = blueprint
    reports = (
        Measure("posts", "post", _l("发帖数")),
        Measure("topics", "topic", _l("主题数")),
        Measure("replies", "reply", _l("回帖数")),
        Measure("characters", "character", _l("字数")),
        Measure("essence", "post", _l("精华帖数")),
        Measure("rejected", "post", _l("被删帖数")),
    )

    def slots(self, settings: Settings, span: Span, personal: Json) -> Sequence[Slot]:
        """One duty until the end, if a number of posts is asked for.

        What was enough and is no longer — a post was removed — is a new one.
        """
        return [
            Slot(
                key=slot_key(int(personal.get("round", 0))),
                title=self.title,
                opens=span.starts,
                due=span.ends,
                closes=span.ends,
                required=bool(
                    settings["topics_required"] or settings["replies_required"]
                ),
            )
        ]

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """The topics, what one's own posts come to, and how it is going."""
        return overview.view(ctx)

    def scenarios(self) -> Iterable[Scenario]:
        """One who says something, one who only agrees."""
        return scenarios()

    # For the demonstration

    def start(self, ctx: ActivityContext, key: str, title: str, text: str) -> Post:
        """Begin a topic."""
        return posting.start(ctx, key, title, text)

    def reply(self, ctx: ActivityContext, topic_id: int, key: str, text: str) -> Post:
        """Answer in it."""
        return posting.reply(ctx, topic_id, key, text)

    def mend(self, ctx: ActivityContext, post_id: int, text: str) -> None:
        """Mend one's own post."""
        post = posting.post_of(ctx, post_id)
        posting.edit(ctx, post, post.version, text)

    def choose(self, ctx: ActivityContext, post_id: int) -> None:
        """Call a post essence."""
        moderating.choose(ctx, posting.post_of(ctx, post_id), essence=True)

    def remove(self, ctx: ActivityContext, post_id: int, reason: str) -> None:
        """Remove a post."""
        moderating.remove(ctx, posting.post_of(ctx, post_id), reason)

    def pin(self, ctx: ActivityContext, topic_id: int) -> None:
        """Keep a topic above the others."""
        moderating.pin(ctx, topic_id, pinned=True)
