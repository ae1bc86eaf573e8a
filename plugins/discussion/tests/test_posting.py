"""Starting topics and replying: what counts, what is kept, and that nothing doubles."""

from datetime import timedelta
from typing import Any

import pytest
from portal_discussion.counting import digest
from sqlalchemy import select

from plugins.discussion.tests.conftest import LONG, SHORT, title_of
from portal.notifications.models import Notice


def sent(talk: Any, page: str, text: str = LONG, **more: Any) -> Any:
    """What a form carries."""
    form = {"text": text, "form_key": "k1", "counter": "0", **more}
    return talk.browser().post(talk.url(page), data=form)


def test_a_topic_is_a_fact_with_its_length(talk: Any) -> None:
    answer = sent(talk, "/topics", title="从便签开始的一节课")

    (post,) = talk.posts()
    assert answer.status_code == 303
    assert answer.location.endswith(f"/topics/{post.topic_id}?at=1")
    assert talk.facts() == {
        f"post:{post.id}": {"posts": 1, "topics": 1, "characters": 37, "essence": 0}
    }
    page = talk.browser().get(answer.location).text
    assert "计入考核" in page
    assert "写在便签上" in page


def test_a_reply_is_a_fact_and_stands_below_the_topic(talk: Any) -> None:
    topic = talk.start("other")
    answer = sent(talk, f"/topics/{topic.topic_id}")

    assert answer.status_code == 303
    assert [post.number for post in talk.posts()] == [1, 2]
    (measures,) = talk.facts().values()
    assert measures == {"posts": 1, "replies": 1, "characters": 37, "essence": 0}


@pytest.mark.parametrize(("characters", "counts"), [(19, False), (20, True)])
def test_the_minimum_is_counted_as_the_portal_counts(
    talk: Any, characters: int, *, counts: bool
) -> None:
    text = "，".join("研" * characters) + "！！ "
    sent(talk, "/topics", text=text, title="题")

    (post,) = talk.posts()
    assert (post.characters, post.counts) == (characters, counts)
    assert bool(talk.facts()) is counts


def test_what_is_too_short_is_taken_and_the_writer_is_told(talk: Any) -> None:
    before = talk.browser().get(talk.url("/topics/new")).text
    answer = sent(talk, "/topics", text=SHORT, title="题")

    assert "不少于 20 字" in before
    assert "不足 20 字" in before
    assert answer.status_code == 303
    page = talk.browser().get(answer.location).text
    assert "不计入考核" in page
    assert SHORT in page
    assert not talk.facts()


@pytest.mark.parametrize("again", [LONG, f"{LONG}！！", LONG.replace("，", " , ")])
def test_the_same_words_again_do_not_count(talk: Any, again: str) -> None:
    topic = talk.start()
    talk.reply(topic.topic_id, "learner", again)

    assert [post.counts for post in talk.posts()] == [True, False]
    assert len(talk.facts()) == 1


def test_somebody_elses_words_are_their_own_affair(talk: Any) -> None:
    topic = talk.start()
    talk.reply(topic.topic_id, "other", LONG)

    assert [post.counts for post in talk.posts()] == [True, True]


def test_width_and_case_make_no_other_words() -> None:
    assert digest("ＰＢＬ 是什么？") == digest("pbl是什么")
    assert digest("PBL是什么") != digest("PBL是怎么")


def test_a_form_that_is_sent_twice_is_one_post(talk: Any) -> None:
    first = sent(talk, "/topics", title="题")
    second = sent(talk, "/topics", title="题")

    assert first.location == second.location
    assert len(talk.posts()) == 1
    assert not any(draft.fields for draft in talk.drafts())


def test_who_guides_talks_too_and_earns_nothing(talk: Any) -> None:
    talk.start("leader")

    assert not talk.facts("leader")
    assert "坊主团队" in talk.browser().get(talk.page).text


def test_who_only_looks_on_writes_nothing(talk: Any) -> None:
    browser = talk.browser("officer")
    form = {"title": "题", "text": LONG}

    assert browser.get(talk.page).status_code == 200
    assert browser.post(talk.url("/topics"), data=form).status_code == 403
    assert browser.post(talk.url("/topics/draft"), data=form).status_code == 403
    assert "发起主题" not in browser.get(talk.page).text


def test_before_it_opens_and_after_it_closes_nothing_is_taken(talk: Any) -> None:
    topic = talk.start()
    talk.clock.set(talk.activity.ends_at)
    late = sent(talk, f"/topics/{topic.topic_id}", text="迟到的话" * 6)
    talk.clock.set(talk.activity.starts_at)
    talk.activity.starts_at = talk.clock.at + timedelta(hours=1)
    talk.session.commit()
    early = sent(talk, f"/topics/{topic.topic_id}", form_key="k2")

    assert (late.status_code, early.status_code) == (422, 422)
    assert "讨论已经结束" in late.text
    assert "迟到的话" in late.text
    assert "还没有到开放的时间" in early.text
    assert len(talk.posts()) == 1


def test_what_is_being_written_is_saved_and_there_again(talk: Any) -> None:
    topic = talk.start("other")
    browser = talk.browser()
    form = {"text": "写了一半", "counter": "0"}

    answer = browser.post(talk.url(f"/topics/{topic.topic_id}/draft"), data=form)

    assert answer.json == {"counter": 1, "saved_at": "01:00"}
    assert "写了一半" in browser.get(talk.url(f"/topics/{topic.topic_id}")).text
    own = talk.browser("other").get(talk.url(f"/topics/{topic.topic_id}")).text
    assert "写了一半" not in own


def test_an_older_window_overwrites_nothing_and_sends_nothing(talk: Any) -> None:
    browser, url = talk.browser(), talk.url("/topics/draft")
    browser.post(url, data={"title": "题", "text": "左边的话", "counter": "0"})
    browser.post(url, data={"title": "题", "text": "左边的长话", "counter": "1"})

    form = {"title": "题", "text": "右边的话", "counter": "1"}
    saved = browser.post(url, data=form)
    posted = sent(talk, "/topics", text="右边的话", title="题", counter="1")

    assert saved.status_code == 409
    assert saved.json == {"error": "stale", "text": "左边的长话", "counter": 2}
    assert posted.status_code == 409
    assert "左边的长话" in posted.text
    assert "右边的话" in posted.text
    assert not talk.posts()


def test_the_page_of_somebody_who_logged_out_saves_nothing(talk: Any) -> None:
    form = {"text": "话", "user_id": talk.people["other"].id}
    answer = talk.browser().post(talk.url("/topics/draft"), data=form)

    assert (answer.status_code, answer.json) == (403, {"error": "other_user"})
    assert not talk.drafts()


def test_nothing_written_is_refused_beside_the_field(talk: Any) -> None:
    answer = sent(talk, "/topics", text=" ", title="")

    assert answer.status_code == 422
    assert "还没有写标题" in answer.text
    assert not talk.posts()


def test_what_people_write_is_never_markup(talk: Any) -> None:
    topic = talk.start(text="<script>alert(1)</script>" + LONG, title="<b>题</b>")

    for page in (talk.page, talk.url(f"/topics/{topic.topic_id}"), talk.url("/posts")):
        html = talk.browser().get(page).text
        assert "<script>alert" not in html
        assert "<b>题" not in html


def test_one_notice_tells_of_replies_until_they_are_looked_at(talk: Any) -> None:
    topic = talk.start()
    for text in (LONG, LONG + "再说一句", LONG + "又说一句"):
        talk.reply(topic.topic_id, "other", text)
    (notice,) = notices(talk)
    assert title_of(notice) == "“从便签开始的一节课”有了新的回帖"

    talk.browser().post(talk.url(f"/topics/{topic.topic_id}/seen/4"))
    talk.reply(topic.topic_id, "other", LONG + "最后一句")
    talk.reply(topic.topic_id, "learner", LONG + "我自己说")

    assert len(notices(talk)) == 2


def notices(talk: Any) -> list[Notice]:
    """What was told."""
    talk.session.expire_all()
    return list(talk.session.scalars(select(Notice).order_by(Notice.id)))
