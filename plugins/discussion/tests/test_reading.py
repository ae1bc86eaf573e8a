"""Long threads stay quick, and a page that is looked at writes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from portal_discussion.counting import digest
from portal_discussion.models import Post, Reading, Topic
from sqlalchemy import func, select

from plugins.discussion.tests.conftest import LONG
from portal.testing import factories
from portal.testing.fixtures import CountQueries

MOST_QUERIES = 8


def fill(talk: Any, topics: int, replies: int) -> list[Topic]:
    """Topics with replies by many people, written straight into the tables."""
    session, at = talk.session, talk.clock.at
    people = [factories.make_user(session, f"老师{n}").id for n in range(30)]
    made = []
    for place in range(topics):
        topic = Topic(
            activity_id=talk.id,
            title=f"第{place}个主题",
            author_id=people[place % 30],
            started_at=at + timedelta(minutes=place),
            posts=replies + 1,
            last_at=at + timedelta(minutes=place),
            last_by_id=people[0],
        )
        session.add(topic)
        session.flush()
        made.append(topic)
        session.add_all(
            Post(
                activity_id=talk.id,
                topic_id=topic.id,
                number=number,
                author_id=people[number % 30],
                form_key=f"{place}-{number}",
                text=f"第{place}个主题第{number}楼",
                digest=digest(f"{place}-{number}"),
                at=at + timedelta(minutes=place, seconds=number),
            )
            for number in range(1, replies + 2)
        )
    session.commit()
    return made


@pytest.mark.parametrize("who", ["learner", "leader"])
def test_a_thousand_posts_cost_no_more_queries(
    talk: Any, who: str, count_queries: CountQueries
) -> None:
    topic = fill(talk, 40, 24)[0]
    browser = talk.browser(who)
    pages = [
        talk.page,
        talk.url(f"/topics/{topic.id}"),
        talk.url(f"/topics/{topic.id}?order=newest&page=2"),
        talk.url("/posts?q=主题"),
    ]
    for page in pages:
        browser.get(page)
        with count_queries() as frame:
            browser.get("/activities/0")
        with count_queries() as statements:
            assert browser.get(page).status_code == 200
        own = len(statements) - len(frame)
        assert own <= MOST_QUERIES, (page, own, "\n".join(statements))


def test_a_long_topic_comes_in_pages_both_ways(talk: Any) -> None:
    topic = fill(talk, 1, 24)[0]
    browser = talk.browser()

    def read(query: str) -> str:
        text: str = browser.get(talk.url(f"/topics/{topic.id}{query}")).text
        return text

    assert "第0个主题第20楼" in read("")
    assert "第0个主题第21楼" not in read("")
    assert "第0个主题第25楼" in read("?page=2")
    assert "第0个主题第25楼" in read("?order=newest")
    assert "第0个主题第5楼" not in read("?order=newest")
    assert "第0个主题第23楼" in read("?at=23")
    assert "第0个主题第3楼" in read("?at=3&order=newest")
    for strange in ("?page=0", "?page=999999999999", "?at=0", "?at=-5", "?page=x"):
        assert "楼" in read(strange)


def test_looking_writes_nothing_and_saying_so_does(talk: Any) -> None:
    topic = talk.start("other")
    browser = talk.browser()

    def readings() -> int:
        counted = select(func.count(Reading.id)).where(
            Reading.user_id == talk.people["learner"].id
        )
        return talk.session.scalar(counted) or 0

    assert "1 条新帖" in browser.get(talk.page).text
    browser.get(talk.url(f"/topics/{topic.topic_id}"))
    assert readings() == 0

    seen = browser.post(talk.url(f"/topics/{topic.topic_id}/seen/99"))
    assert seen.status_code == 204
    assert readings() == 1
    assert "条新帖" not in browser.get(talk.page).text
    talk.reply(topic.topic_id, "other", LONG)
    assert "1 条新帖" in browser.get(talk.page).text
    browser.post(talk.url("/seen"))
    assert "条新帖" not in browser.get(talk.page).text


def test_ones_own_post_is_not_new(talk: Any) -> None:
    talk.start()

    assert "条新帖" not in talk.browser().get(talk.page).text


def test_posts_are_found_by_words_author_and_choice(talk: Any) -> None:
    first = talk.start(title="百分号 100% 的课")
    talk.reply(
        first.topic_id, "other", "观察记录要写学生做了什么，而不是老师做了什么。"
    )
    talk.browser("leader").post(
        talk.url(f"/posts/{first.id}/essence"), data={"on": "yes"}
    )
    browser = talk.browser()

    def found(query: str) -> int:
        page: str = browser.get(talk.url(f"/posts?{query}")).text
        return page.count('class="letter"')

    assert found("") == 2
    assert found("q=观察记录") == 1
    assert found("q=100%25") == 1
    assert found("q=%25") == 1
    assert found("q=_") == 0
    assert found("essence=1") == 1
    assert found(f"author={talk.people['other'].id}") == 1
    assert browser.get(talk.url("/posts?author=999999")).status_code == 404
