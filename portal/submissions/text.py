"""Texts measured and compared: length, shingles, similarity, shared passages.

The rules are those of case 4: blanks and punctuation do not count, and similarity is
the share of the newer text's 5-character shingles that stand in the earlier one.
A picture stands in a text as a line of its own, `[图片:12]` or `[图片:12 caption]`,
where 12 is the id of an attached file; such lines are neither counted nor compared.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

SHINGLE = 5
"""Characters in a shingle."""

SAMPLE = 4
"""One shingle in so many becomes a fingerprint."""

PICTURE_LINE = regex.compile(
    r"(?m)^[^\S\n]*[\[【](?:图片|picture)[:\uff1a][^\S\n]*(?P<id>[0-9]{1,18})"
    r"(?:[^\S\n]+(?P<caption>[^\n\]】]{1,200}))?[\]】][^\S\n]*$"
)

_SIGN = regex.compile(r"[^\p{L}\p{N}]")
_WORD = regex.compile(r"(?:(?![\p{Han}\p{Hiragana}\p{Katakana}])[\p{L}\p{N}])+")
_MARKS = regex.compile(r"[\p{M}\p{Cf}]+")
_BREAKS = dict.fromkeys(
    (
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "br"),
        *("blockquote", "pre", "table", "thead", "tbody", "tr", "caption"),
        *("figure", "figcaption"),
    ),
    "\n",
) | {"td": " ", "th": " "}
"""What stands before and after the words of an element."""

_UNSEEN = ("script", "style", "template", "noscript", "title")


@dataclass(frozen=True)
class Length:
    """How long a text is, without blanks and punctuation.

    `characters` is what a minimum is compared with: a Han character counts one, and
    so does a run of other letters or digits. `words` says how many of those were
    such runs. Pages show both.
    """

    characters: int
    words: int


@dataclass(frozen=True)
class Passage:
    """A run of a text that stands in another too.

    `start` and `end` are places in the normal form of the text (`normal`).
    """

    text: str
    start: int
    end: int


def normal(text: str) -> str:
    """One form for characters that look the same (NFC), and no picture lines."""
    return PICTURE_LINE.sub("", unicodedata.normalize("NFC", text))


def bare(text: str) -> str:
    """The letters and digits of a text: what is left without blanks and signs."""
    return _SIGN.sub("", normal(text))


def count_characters(text: str) -> Length:
    """Count a text as an editor counts 字数, but for the punctuation."""
    plain = _MARKS.sub("", normal(text))
    runs = _WORD.findall(plain)
    single = len(_SIGN.sub("", plain)) - sum(len(run) for run in runs)
    return Length(characters=single + len(runs), words=len(runs))


def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """Every run of `size` characters of the bare text, each once."""
    return frozenset(_windows(bare(text), size))


def similarity(newer: str, earlier: str) -> Decimal:
    """The share of the newer text's shingles that stand in the earlier text.

    Between 0 and 1, to 28 digits, so that comparing it with a limit such as 0.80 is
    exact; 0 for a text too short to have a shingle.
    """
    own = shingles(newer)
    if not own:
        return Decimal(0)
    return Decimal(len(own & shingles(earlier))) / Decimal(len(own))


def shared_passages(newer: str, earlier: str) -> tuple[Passage, ...]:
    """The longest runs of the newer text made of shingles that the earlier one has.

    A leader who may not read the earlier text is shown these and nothing else of it.
    Called the other way round it gives the places in the earlier text. `text` keeps
    the punctuation; positions refer to `normal(newer)`.
    """
    text = normal(newer)
    places = [i for i, sign in enumerate(text) if not _SIGN.match(sign)]
    known = shingles(earlier)
    found = [w in known for w in _windows("".join(text[i] for i in places), SHINGLE)]
    return tuple(
        Passage(text[places[first] : places[last] + 1], places[first], places[last] + 1)
        for first, last in _runs(found)
    )


def fingerprints(text: str) -> frozenset[int]:
    """Sampled hashes of the shingles, by which the database finds candidates.

    Signed 64-bit numbers for a BIGINT column. Which shingles are sampled depends on
    nothing but themselves, so that a passage is sampled alike in every text.
    """
    hashes = (_hash(shingle) for shingle in shingles(text))
    return frozenset(number for number in hashes if number % SAMPLE == 0)


def plain_text(html: str) -> str:
    """The words of HTML: a line for every block, without scripts and styles."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    body.strip_tags(list(_UNSEEN), recursive=True)
    lines = "".join(_pieces(body)).split("\n")
    return "\n".join(line for raw in lines if (line := " ".join(raw.split())))


def _windows(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


def _runs(found: list[bool]) -> Iterator[tuple[int, int]]:
    """First and last character of each run of overlapping shingles."""
    first = last = -1
    for place, shared in enumerate(found):
        if not shared:
            continue
        if first >= 0 and place > last:
            yield first, last
            first = place
        elif first < 0:
            first = place
        last = place + SHINGLE - 1
    if first >= 0:
        yield first, last


def _hash(shingle: str) -> int:
    digest = hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def _pieces(body: LexborNode) -> Iterator[str]:
    """Words and breaks in reading order; a stack, because nesting has no limit."""
    waiting: list[LexborNode | str] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield (node.text_content or "").replace("\n", " ")
        else:
            edge = _BREAKS.get(node.tag or "", "")
            yield edge
            waiting.append(edge)
            waiting.extend(reversed(list(node.iter(include_text=True))))
