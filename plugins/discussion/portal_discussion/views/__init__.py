"""The pages of a discussion beside its first."""

from portal_discussion.views import attaching, leading, posts, topics
from portal_discussion.views.blueprint import blueprint

__all__ = ["attaching", "blueprint", "leading", "posts", "topics"]
