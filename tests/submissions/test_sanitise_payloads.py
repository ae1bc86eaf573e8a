"""A corpus of hostile fragments, made here, of which nothing active is left (V04).

Six classes of at least a hundred fragments each. The judge is html5lib, a parser that
has nothing in common with the sanitiser's: it parses what came out as a browser does
and looks at every element, attribute and address.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import html5lib
import pytest
import regex

from portal.submissions.sanitise import (
    ATTRIBUTES,
    TAGS,
    sanitise_html,
    text_to_html,
)

JS = "alert(1)"

ELEMENTS = """
script style iframe frame frameset object embed applet svg math link meta base form
input button select textarea option isindex video audio source track canvas noscript
template slot dialog details marquee bgsound blink layer xml portal fencedframe
keygen menuitem xmp plaintext listing noembed noframes title head body html image
animate set foreignObject use custom-element
"""

EVENTS = """
abort animationend animationstart auxclick beforeinput beforetoggle blur change
click close contextmenu copy cut dblclick drag dragend drop error focus focusin
formdata input invalid keydown keyup load loadstart message mousedown mouseenter
mousemove mouseover mouseup mousewheel paste pointerdown pointerover
pointerrawupdate reset resize scroll scrollend search select show submit toggle
touchend touchstart transitionend unload wheel webkitanimationend
securitypolicyviolation
"""

NAMES = """
style class id name form formaction action srcdoc srcset background poster ping
target download data xlink:href xmlns is slot part contenteditable accesskey
autofocus tabindex popovertarget http-equiv dynsrc lowsrc
"""


def tags() -> Iterator[str]:
    """Elements that run, load, submit, frame or restyle, in several spellings."""
    shapes = (
        "<{n}>{js}</{n}>",
        "<{N} src=//evil.example/x.js onload={js}>",
        "<{n}/src='data:text/html,x'/>",
        "</{n}><{n} <p>text",
    )
    for name, shape in product(ELEMENTS.split(), shapes):
        yield shape.format(n=name, N=name.upper(), js=JS)


def attributes() -> Iterator[str]:
    """Handlers and other attributes that act, on elements that are allowed."""
    events = EVENTS.split()
    for event, (tag, rest) in product(
        events, (("p", ""), ("img", "src=/x "), ("a", "href=/x autofocus tabindex=1 "))
    ):
        yield f"<{tag} {rest}on{event}={JS}>x</{tag}>"
    for event in events:
        yield f"<img src=/x\x0con{event}\x0c=\x0c'{JS}'>"
    for name in NAMES.split():
        yield f"<img src=/x {name}='javascript:{JS}'>"
        yield f'<a href="/x" {name.upper()}="//evil.example">x</a>'


def addresses() -> Iterator[str]:
    """Addresses that run, that leave for another host, or that hide their scheme."""
    targets = (
        f"javascript:{JS}",
        f"JaVaScRiPt:{JS}",
        f"java\tscript:{JS}",
        f"java\nscript:{JS}",
        f"java&Tab;script:{JS}",
        f"java&NewLine;script:{JS}",
        f"javascript&colon;{JS}",
        f"&#106;avascript:{JS}",
        f"&#x6A;avascript:{JS}",
        f"&#0000106avascript:{JS}",
        f"\x01javascript:{JS}",
        f"\u00a0javascript:{JS}",
        f" javascript:{JS}",
        f"javascript\x00:{JS}",
        f"javascript://%0a{JS}",
        f"javascript:/*--></title></style>*/{JS}",
        f"vbscript:msgbox({JS})",
        f"livescript:{JS}",
        f"view-source:javascript:{JS}",
        f"feed:javascript:{JS}",
        f"jar:javascript:{JS}!/",
        f"data:text/html,<script>{JS}</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "data:image/svg+xml,<svg onload=alert(1)>",
        "DATA:application/xhtml+xml,x",
        "blob:https://evil.example/1",
        "file:///etc/passwd",
        "filesystem:https://evil.example/x",
        "about:blank",
        "//evil.example/x",
        "///evil.example/x",
        "/\\evil.example/x",
        "\\\\evil.example\\x",
        "/\t/evil.example/x",
        "https:evil.example",
        "ws://evil.example",
        "ftp://evil.example/x",
        "tel:110",
        "intent://x#Intent;scheme=javascript;end",
        "weixin://dl/business",
        "../../logout",
        "?next=//evil.example",
    )
    for target in targets:
        yield f'<a href="{target}">x</a>'
        yield f'<img src="{target}">'
        yield f"<img alt=x src={target.replace(' ', '')}>"


def encodings() -> Iterator[str]:
    """The same few attacks, disguised by ways to write a character."""
    attacks = (f"<script>{JS}</script>", f"<img src=x onerror={JS}>", "<svg/onload=x>")
    disguises = (
        lambda s: "".join(f"&#{ord(c)};" for c in s),
        lambda s: "".join(f"&#{ord(c):07}" for c in s),
        lambda s: "".join(f"&#x{ord(c):x};" for c in s),
        lambda s: "".join(f"&#X{ord(c):06X};" for c in s),
        lambda s: "".join(f"%{ord(c):02x}" for c in s),
        lambda s: "".join(f"%25{ord(c):02x}" for c in s),
        lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
        lambda s: "".join(f"\\x{ord(c):02x}" for c in s),
        lambda s: s.replace("<", "&lt;").replace(">", "&gt;"),
        lambda s: s.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
        lambda s: s.replace("<", "<\x00"),
        lambda s: "\x00".join(s),
        lambda s: s.replace("s", "\u017f"),
        lambda s: s.replace("i", "\u0130"),
        lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s),
        lambda s: s.replace("<", "\uff1c").replace(">", "\uff1e"),
        lambda s: s.replace("<", "\u2039").replace(">", "\u203a"),
        lambda s: s.replace("<", "+ADw-").replace(">", "+AD4-"),
        lambda s: "\ufeff" + s,
        lambda s: "\u202e" + s[::-1],
        lambda s: s.replace("<", "<\u200b"),
        lambda s: s.replace(" ", "\x0b").replace("/", "\x0c/"),
        lambda s: s.replace("<", "\xbc").replace(">", "\xbe"),
        lambda s: s.swapcase(),
        lambda s: s.replace("script", "scr<script>ipt"),
        lambda s: s.replace("<", "<<").replace(">", ">>"),
        lambda s: s.replace(">", ""),
        lambda s: f"<p title='{s}'>x</p>",
        lambda s: f'<img alt="{s}" src=/x>',
        lambda s: f"<!--{s}-->{s}",
        lambda s: f"<![CDATA[{s}]]>",
        lambda s: f"<?xml {s}?>",
        lambda s: f"<!DOCTYPE x [<!ENTITY a '{s}'>]>&a;",
        lambda s: f"`{s}`",
    )
    for attack, disguise in product(attacks, disguises):
        yield disguise(attack)


def mutations() -> Iterator[str]:
    """Fragments that a second parse reads otherwise than the first (mXSS)."""
    roots = ("svg", "math", "svg><desc", "math><mtext", "svg><foreignObject")
    raw = ("style", "title", "noscript", "textarea", "xmp", "noembed", "iframe")
    payload = f"<img src=x onerror={JS}>"
    for root, inner in product(roots, raw):
        yield f"<{root}><{inner}><!--</{inner}>{payload}-->"
        yield f'<{root}><p></p><{inner}><a id="</{inner}>{payload}">'
    for inner in raw:
        yield f'<{inner}><p title="</{inner}>{payload}">'
        yield f"<{inner}><{inner}/>{payload}</{inner}>"
        yield f"<p><{inner}>&lt;/{inner}&gt;{payload}"
    for wrap in ("table", "select", "form", "a", "b", "li", "h2", "td", "caption"):
        yield f"<{wrap}><math><mi><{wrap}><mglyph><style>{payload}"
        yield f"<{wrap}><svg></p><style><{wrap} id='</style>{payload}'>"
        yield f"<{wrap}><{wrap}><table><{wrap}>{payload}<tr>"
    yield f'<math><annotation-xml encoding="text/html"><p>{payload}'
    glyphs = "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="
    yield f"{glyphs}'</style>{payload}'>"
    yield f"<svg></br><style><p>{payload}"
    yield f"<!--><{payload}-->"
    yield f"<!--!>{payload}<!---->"
    yield f"<p id='--!>{payload}'>"
    yield f"<br></p>{payload}</br>"


def styles() -> Iterator[str]:
    """Style sheets and declarations, wherever they can be written."""
    declarations = (
        "background:url(//evil.example/x)",
        "background:url('javascript:alert(1)')",
        "background-image:\\75rl(//evil.example)",
        "list-style:url(//evil.example)",
        "cursor:url(//evil.example),auto",
        "content:url(//evil.example)",
        "width:expression(alert(1))",
        "width:exp/**/ression(alert(1))",
        "xss:\\65xpression(alert(1))",
        "behavior:url(#default#time2)",
        "-moz-binding:url(//evil.example#x)",
        "position:fixed;inset:0;z-index:9999",
        "animation:x 1s",
        "@import '//evil.example/x.css'",
        "font-family:'x;}</style><script>alert(1)</script>'",
        "--x:url(//evil.example)",
        "filter:url(//evil.example#x)",
        "mask:url(//evil.example#x)",
    )
    shapes = (
        '<p style="{d}">x</p>',
        "<img src=/x style='{d}'>",
        "<table STYLE={d}><tr><td style='{d}'>x</table>",
        "<style>*{{{d}}}</style><p>x</p>",
        "<style media=all>{d}",
        "<link rel=stylesheet href='data:text/css,*{{{d}}}'>",
        "<svg><style>*{{{d}}}</style></svg>",
    )
    for declaration, shape in product(declarations, shapes):
        yield shape.format(d=declaration)


CLASSES = (tags, attributes, addresses, encodings, mutations, styles)

_RIGHT_LINK = regex.compile(r"(https?://|mailto:|/[A-Za-z0-9_-])[^\\\s]*")
_OWN = regex.compile(r"/[A-Za-z0-9_-][^\\\s:]*")


def elements(html: str) -> Iterator[Any]:
    """Every element, as a browser with scripts on finds it in a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return iter(parser.parseFragment(html, container="div", scripting=True).iter())


def active(html: str) -> list[str]:
    """What is left that should not be: elements, attributes, addresses, comments."""
    found = []
    for element in elements(html):
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        if not isinstance(element.tag, str) or element.tag not in TAGS:
            found.append(str(element.tag))
            continue
        allowed = ATTRIBUTES.get(element.tag, frozenset()) | {"rel"}
        found += [str(name) for name in element.attrib if name not in allowed]
        href, src = element.get("href", "/x"), element.get("src", "/x")
        found += [href] if not _RIGHT_LINK.fullmatch(href) else []
        found += [src] if not _OWN.fullmatch(src) else []
    return found


@pytest.mark.parametrize("payloads", CLASSES)
def test_every_class_has_at_least_a_hundred_different_fragments(payloads: Any) -> None:
    assert len(set(payloads())) >= 100


@pytest.mark.parametrize("payloads", CLASSES)
def test_nothing_active_is_left_of_any_fragment(payloads: Any) -> None:
    left = {p: found for p in payloads() if (found := active(sanitise_html(p)))}
    assert left == {}


@pytest.mark.parametrize("payloads", CLASSES)
def test_cleaning_again_keeps_it_inactive_and_settles(payloads: Any) -> None:
    """Nested links out of place are laid out anew once; after that all is still."""
    for payload in payloads():
        twice = sanitise_html(sanitise_html(payload))
        assert active(twice) == [], payload
        assert sanitise_html(twice) == twice, payload


@pytest.mark.parametrize("payloads", CLASSES)
def test_in_plain_text_every_fragment_is_shown_as_it_was_typed(payloads: Any) -> None:
    for payload in payloads():
        html = text_to_html(payload)
        tags_left = {element.tag for element in elements(str(html))}
        assert tags_left <= {"DOCUMENT_FRAGMENT", "p"}, payload
        assert not any(element.attrib for element in elements(str(html))), payload


def test_the_judge_sees_what_is_active() -> None:
    """Uncleaned, nearly every fragment is caught: the corpus and the judge work."""
    for payloads in (tags, attributes, addresses, styles, mutations):
        fragments = list(payloads())
        caught = sum(bool(active(fragment)) for fragment in fragments)
        assert caught > 0.9 * len(fragments), payloads.__name__
