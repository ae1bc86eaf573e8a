"""What a person wrote becomes HTML that is theirs in words and ours in tags."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.errors import Invalid
from portal.submissions.sanitise import MAX_HTML, sanitise_html, text_to_html
from portal.submissions.text import plain_text

PICTURES = {12: "/files/12"}


def test_every_line_becomes_a_paragraph_and_blank_lines_none() -> None:
    assert text_to_html("  今天\n\n\n明天 \r\n后天") == Markup(
        "<p>今天</p>\n<p>明天</p>\n<p>后天</p>"
    )


def test_tags_that_were_typed_are_shown_and_do_nothing() -> None:
    assert text_to_html("3 < 4 & <b>粗</b>") == Markup(
        "<p>3 &lt; 4 &amp; &lt;b&gt;粗&lt;/b&gt;</p>"
    )


def test_an_attached_picture_stands_where_its_line_stands() -> None:
    assert text_to_html('看:\n[图片:12 荷花"池]', PICTURES) == Markup(
        "<p>看:</p>\n"
        '<figure><img src="/files/12" alt="荷花&#34;池">'
        "<figcaption>荷花&#34;池</figcaption></figure>"
    )


def test_a_picture_without_a_caption_has_none() -> None:
    assert text_to_html("【图片:12】", PICTURES) == Markup(
        '<figure><img src="/files/12" alt=""></figure>'
    )


@pytest.mark.parametrize("line", ["[图片:13]", "[图片:x]", "见 [图片:12]", "[图片:]"])
def test_what_names_no_attached_picture_stays_as_it_was_typed(line: str) -> None:
    assert text_to_html(line, PICTURES) == Markup(f"<p>{line}</p>")


def test_control_characters_vanish_and_text_stays() -> None:
    assert text_to_html("今\x00天\x08好") == Markup("<p>今天好</p>")


BENIGN = [
    "<p>今天的课上得很顺。</p>",
    "<h2>教学反思</h2><h3>一、得</h3><h4>1. 朗读</h4>",
    "<p><strong>重</strong><em>斜</em><u>下划线</u><s>删</s><sub>2</sub><sup>3</sup></p>",
    "<p><b>粗</b><i>斜</i></p>",
    "<ul><li>一</li><li>二<ul><li>三</li></ul></li></ul>",
    '<ol start="3"><li>三</li></ol>',
    "<blockquote><p>学生说:“荷叶多而密。”</p></blockquote>",
    "<pre><code>a &lt; b</code></pre>",
    "<p>上<br>下</p><hr>",
    "<table><caption>表</caption><thead><tr><th>项</th></tr></thead>"
    '<tbody><tr><td colspan="2" rowspan="3">值</td></tr></tbody></table>',
    '<figure><img src="/files/12" alt="荷花" width="640" height="480">'
    "<figcaption>荷花</figcaption></figure>",
    '<p><img src="/files/12?size=small&amp;v=2" alt=""></p>',
    '<p><a href="https://example.cn/a?b=1&amp;c=2" '
    'rel="noopener noreferrer nofollow">链接</a></p>',
    '<p><a href="mailto:jiaoshi@example.cn" '
    'rel="noopener noreferrer nofollow">信</a></p>',
    '<p><a href="/workshops/3" rel="noopener noreferrer nofollow">本站</a></p>',
    "<p>5 &lt; 6 &amp;&amp; 7 &gt; 6</p>",
    "<p>生僻字 𠮷 和 〇,符号 ①℃—…</p>",
]


@pytest.mark.parametrize("html", BENIGN)
def test_honest_html_is_unchanged(html: str) -> None:
    assert sanitise_html(html) == html


def test_words_survive_when_their_tags_do_not() -> None:
    assert sanitise_html("<font color=red>红</font><center>中</center>") == "红中"


def test_html_that_is_too_large_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid) as refusal:
        sanitise_html("好" * (MAX_HTML + 1))
    assert refusal.value.code == "text_too_large"


@given(st.text(max_size=200))
def test_the_words_of_a_text_come_back_from_its_html(text: str) -> None:
    assert visible(plain_text(str(text_to_html(text)))) == visible(text)


def visible(text: str) -> str:
    return "".join(
        c for c in text if not c.isspace() and unicodedata.category(c) != "Cc"
    )
