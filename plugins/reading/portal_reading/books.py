"""The leader's list, and what a teacher has put on the shelf (书架) of it."""

from dataclasses import dataclass
from hashlib import sha256

from portal.api import ActivityContext, Settings
from portal.api import lazy_gettext as _l

STATES = {"chosen": _l("待读"), "reading": _l("在读"), "read": _l("读完")}
"""How far one is with a book, in this order."""


@dataclass(frozen=True)
class Book:
    """A book or an article."""

    title: str
    author: str
    required: bool

    def __str__(self) -> str:
        return f"《{self.title}》"

    @property
    def key(self) -> str:
        """Its slot: the same wherever the book stands in the list."""
        return f"book:{sha256(self.title.encode()).hexdigest()[:12]}"


def books_of(settings: Settings) -> dict[str, Book]:
    """The books by key, required ones first; a line is "title / author"."""
    found: dict[str, Book] = {}
    for name in ("required", "free"):
        for line in (settings[name] or "").splitlines():
            title, _, author = line.partition("/")
            book = Book(title.strip(" 《》"), author.strip(), name == "required")
            if book.title:
                found.setdefault(book.key, book)
    return found


def shelf_of(ctx: ActivityContext) -> dict[Book, str]:
    """How far the person is with each book on the shelf: required and chosen ones."""
    states = ctx.personal.get("shelf", {})
    return {
        book: states.get(key, "chosen")
        for key, book in books_of(ctx.settings).items()
        if book.required or key in states
    }
