"""The pages of a discussion beside its first."""

from portal_discussion.views import leading, posts, topics
from portal_discussion.views.blueprint import blueprint

__all__ = ["blueprint", "leading", "posts", "topics"]
