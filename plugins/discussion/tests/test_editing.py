"""Mending one's own words for a while; what they were is kept."""

from datetime import timedelta
from typing import Any

import pytest

from plugins.discussion.tests.conftest import LONG, SHORT


def mend(talk: Any, post: Any, text: str, who: str = "learner", **more: Any) -> Any:
    """Send the form in which a post is mended."""
    form = {"title": "从便签开始的一节课", "text": text, "version": "1", **more}
    return talk.browser(who).post(talk.url(f"/posts/{post.id}/edit"), data=form)


def test_a_mended_post_keeps_what_it_said(talk: Any) -> None:
    post = talk.start()
    answer = mend(talk, post, LONG + "下课再看，便签少了一半。", title="新的标题")

    (now,) = talk.posts()
    assert answer.status_code == 303
    assert (now.version, now.revision) == (2, 2)
    assert talk.topics()[0].title == "新的标题"
    (measures,) = talk.facts().values()
    assert measures["characters"] == 47
    versions = talk.browser("leader").get(talk.url(f"/posts/{post.id}/versions")).text
    assert "从便签开始的一节课" in versions
    hidden = talk.browser("other").get(talk.url(f"/posts/{post.id}/versions"))
    assert hidden.status_code == 404


def test_cut_below_the_minimum_it_counts_no_longer(talk: Any) -> None:
    post = talk.start()
    mend(talk, post, SHORT)
    assert not talk.facts()

    mend(talk, post, LONG, version="2")
    assert len(talk.facts()) == 1


def test_the_same_text_again_is_no_version(talk: Any) -> None:
    post = talk.start()
    mend(talk, post, LONG)

    assert talk.posts()[0].version == 1


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 303), (30, 422)])
def test_time_to_mend_runs_out(talk: Any, minutes: float, status: int) -> None:
    post = talk.start()
    talk.clock.move(minutes=minutes)

    answer = mend(talk, post, LONG + "补一句。")

    assert answer.status_code == status
    page = talk.browser().get(talk.url(f"/topics/{post.topic_id}")).text
    assert (f"/posts/{post.id}/edit" in page) is (status == 303)


@pytest.mark.parametrize(("after", "status"), [(-1, 303), (0, 422), (1, 422)])
def test_when_the_talk_is_over_no_post_comes_to_count(
    talk: Any, after: int, status: int
) -> None:
    closes = talk.activity.ends_at
    talk.clock.set(closes - timedelta(minutes=10))
    post = talk.start(text=SHORT)
    talk.clock.set(closes + timedelta(seconds=after))

    answer = mend(talk, post, LONG)

    assert answer.status_code == status
    assert bool(talk.facts()) is (status == 303)
    page = talk.browser().get(talk.url(f"/topics/{post.topic_id}")).text
    assert (f"/posts/{post.id}/edit" in page) is (status == 303)


def test_who_guides_still_mends_a_slip_when_the_talk_is_over(talk: Any) -> None:
    talk.clock.set(talk.activity.ends_at - timedelta(minutes=1))
    post = talk.start("leader")
    talk.clock.move(minutes=2)

    assert mend(talk, post, LONG + "补一句。", "leader").status_code == 303


def test_a_closed_topic_takes_no_mending(talk: Any) -> None:
    post = talk.start(text=SHORT)
    talk.browser("leader").post(
        talk.url(f"/topics/{post.topic_id}/close"), data={"on": "yes"}
    )

    answer = mend(talk, post, LONG)

    assert answer.status_code == 422
    assert "已经关闭" in answer.text
    assert not talk.facts()


def test_a_closed_workshop_takes_no_mending(talk: Any) -> None:
    post = talk.start(text=SHORT)
    talk.activity.workshop.state = "closed"
    talk.session.commit()

    assert mend(talk, post, LONG).status_code == 422
    assert not talk.facts()


def test_an_older_window_overwrites_nothing(talk: Any) -> None:
    post = talk.start()
    mend(talk, post, LONG + "左边补一句。")
    answer = mend(talk, post, LONG + "右边补一句。")

    assert answer.status_code == 409
    assert "左边补一句" in answer.text
    assert "右边补一句" in answer.text
    assert talk.posts()[0].text.endswith("左边补一句。")


def test_nobody_mends_anothers_words_nor_what_was_removed(talk: Any) -> None:
    post = talk.start()
    assert mend(talk, post, "改", "other").status_code == 403
    assert mend(talk, post, "改", "leader").status_code == 403

    talk.browser("leader").post(
        talk.url(f"/posts/{post.id}/remove"), data={"reason": "水帖"}
    )
    assert mend(talk, post, LONG + "再来。").status_code == 409
