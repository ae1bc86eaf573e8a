"""Two requests at the same moment: nothing is lost, nothing doubles.

These tests commit for real: two requests at once need two transactions.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from portal_discussion.models import Base

from plugins.discussion.tests.conftest import LONG
from portal.db import Base as CoreBase
from portal.db import db
from portal.testing.fixtures import Clock


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    with shared_app.app_context(), db.engine.begin() as connection:
        for metadata in (Base.metadata, CoreBase.metadata):
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def at_once(talk: Any, page: str, *forms: tuple[str, dict[str, Any]]) -> list[Any]:
    """Send forms of several people in the same moment."""
    browsers = [(talk.browser(who), form) for who, form in forms]
    talk.session.commit()
    with ThreadPoolExecutor(len(forms)) as threads:
        sent = [
            threads.submit(browser.post, talk.url(page), data=form)
            for browser, form in browsers
        ]
    return [one.result() for one in sent]


def test_two_who_reply_at_once_both_have_their_place(talk: Any) -> None:
    topic = talk.start("leader")
    answers = at_once(
        talk,
        f"/topics/{topic.topic_id}",
        ("learner", {"text": LONG, "form_key": "a"}),
        ("other", {"text": LONG, "form_key": "b"}),
    )

    assert [answer.status_code for answer in answers] == [303, 303]
    assert sorted(post.number for post in talk.posts()) == [1, 2, 3]
    assert talk.topics()[0].posts == 3
    assert len(talk.facts()) == len(talk.facts("other")) == 1


def test_a_double_click_sends_once(talk: Any) -> None:
    form = {"title": "题", "text": LONG, "form_key": "a", "counter": "0"}
    answers = at_once(talk, "/topics", ("learner", form), ("learner", form))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(talk.posts()) == 1
    assert len(talk.facts()) == 1


def test_the_same_words_from_two_windows_at_once_count_once(talk: Any) -> None:
    topic = talk.start("leader")
    answers = at_once(
        talk,
        f"/topics/{topic.topic_id}",
        ("learner", {"text": LONG, "form_key": "a"}),
        ("learner", {"text": LONG, "form_key": "b"}),
    )

    assert [answer.status_code for answer in answers] == [303, 303]
    assert sorted(post.counts for post in talk.posts()) == [False, False, True]
    assert len(talk.facts()) == 1
    assert talk.tally().replies == 1


def test_two_leaders_who_choose_at_once_keep_the_quota(talk: Any) -> None:
    talk.set(essence_most=1)
    first = talk.start()
    second = talk.reply(first.topic_id)
    browsers = [talk.browser("leader") for _ in range(2)]
    pages = [talk.url(f"/posts/{post.id}/essence") for post in (first, second)]
    talk.session.commit()

    with ThreadPoolExecutor(2) as threads:
        for browser, page in zip(browsers, pages, strict=True):
            threads.submit(browser.post, page, data={"on": "yes"})

    assert sum(post.essence for post in talk.posts()) == 1
