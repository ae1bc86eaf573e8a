"""A reply to one reply quotes it, tells its author, and goes no deeper."""

from typing import Any

import pytest
from sqlalchemy import select

from plugins.discussion.tests.conftest import LONG, SHORT, Talk, title_of
from portal.notifications.models import Notice, NoticeReceipt

pytestmark = pytest.mark.one_database

QUESTION = (
    "便签收上来以后，您怎样在两分钟里看完四十张，再决定先讲哪一个？我总是来不及。"
)


def answer(talk: Talk, topic: int, number: object, who: str = "learner") -> Any:
    """Answer a post on the page, as its form does."""
    form = {"text": QUESTION, "answers": str(number), "form_key": f"{who}{number}"}
    return talk.browser(who).post(talk.url(f"/topics/{topic}"), data=form)


def told(talk: Talk, who: str) -> list[str]:
    """The titles of what somebody was told."""
    talk.session.expire_all()
    mine = (
        select(Notice)
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(NoticeReceipt.user_id == talk.people[who].id)
        .order_by(Notice.id)
    )
    return [title_of(row) for row in talk.session.scalars(mine)]


def test_a_reply_quotes_what_it_answers_and_leads_there(talk: Talk) -> None:
    topic = talk.start("leader").topic_id
    talk.reply(topic, "other", LONG)
    page = talk.browser().get(talk.url(f"/topics/{topic}"))
    assert f"/discussion/topics/{topic}?answer=2" in page.text
    sheet = talk.browser().get(talk.url(f"/topics/{topic}?answer=2")).text
    assert 'name="answers" type="hidden" value="2"' in sheet
    assert "回复 2 楼赵敏：“我试着让学生" in sheet

    assert answer(talk, topic, 2).status_code == 303

    page = talk.browser("other").get(talk.url(f"/topics/{topic}"))
    assert talk.posts()[-1].answers == 2
    assert f'/topics/{topic}?at=2">回复 2 楼赵敏</a>：“我试着让学生' in page.text


def test_whose_post_is_answered_is_told_once_and_the_beginner_too(talk: Talk) -> None:
    topic = talk.start("leader").topic_id
    talk.reply(topic, "other", LONG)

    answer(talk, topic, 2)
    answer(talk, topic, 2, "group leader")

    assert told(talk, "other") == ["“从便签开始的一节课”里有人回复了您"]
    assert told(talk, "leader") == ["“从便签开始的一节课”有了新的回帖"]
    assert told(talk, "learner") == []


def test_two_who_are_answered_in_one_topic_are_both_told(talk: Talk) -> None:
    topic = talk.start("leader").topic_id
    talk.reply(topic, "other", LONG)
    talk.reply(topic, "group leader", QUESTION)

    answer(talk, topic, 2)
    answer(talk, topic, 3)

    assert told(talk, "other") == ["“从便签开始的一节课”里有人回复了您"]
    assert told(talk, "group leader") == ["“从便签开始的一节课”里有人回复了您"]


@pytest.mark.parametrize("number", ["", "0", "1", "9", "x", "-2", "²"])
def test_what_cannot_be_answered_answers_the_topic(talk: Talk, number: str) -> None:
    topic = talk.start("leader").topic_id
    talk.reply(topic, "other", LONG)

    assert answer(talk, topic, number).status_code == 303

    assert talk.posts()[-1].answers is None


def test_what_was_removed_is_not_repeated_in_a_quotation(talk: Talk) -> None:
    topic = talk.start("leader").topic_id
    post = talk.reply(topic, "other", LONG)
    answer(talk, topic, 2)
    talk.browser("leader").post(
        talk.url(f"/posts/{post.id}/remove"), data={"reason": "与主题无关"}
    )

    page = talk.browser().get(talk.url(f"/topics/{topic}")).text
    sheet = talk.browser().get(talk.url(f"/topics/{topic}?answer=2")).text

    assert "回复 2 楼赵敏</a>（已删除）" in page
    assert "我试着让学生" not in page.partition('id="post-2"')[2]
    assert 'name="answers" type="hidden" value=""' in sheet


def test_a_draft_remembers_what_it_answers(talk: Talk) -> None:
    topic = talk.start("leader").topic_id
    talk.reply(topic, "other", LONG)
    browser, page = talk.browser(), talk.url(f"/topics/{topic}")
    fields = {"text": SHORT, "answers": "2", "counter": "0"}
    assert browser.post(f"{page}/draft", data=fields).status_code == 200

    assert 'type="hidden" value="2"' in browser.get(page).text
    assert (
        'name="answers" type="hidden" value=""' in browser.get(f"{page}?answer=0").text
    )
