"""Essence, removal with a reason, bringing back, pinning, closing, the overview."""

from typing import Any

import pytest
from sqlalchemy import select

from plugins.discussion.tests.conftest import LONG, title_of
from portal.notifications.models import Notice


def press(talk: Any, page: str, who: str = "leader", **form: str) -> Any:
    """A leader's deed."""
    return talk.browser(who).post(talk.url(page), data=form)


def the_fact(talk: Any, post: Any, who: str = "learner") -> dict[str, int] | None:
    """What stands of a post."""
    found: dict[str, int] | None = talk.facts(who).get(f"post:{post.id}")
    return found


def test_essence_is_a_newer_fact_and_can_be_taken_back(talk: Any) -> None:
    post = talk.start()

    press(talk, f"/posts/{post.id}/essence", on="yes")
    chosen = the_fact(talk, post)
    press(talk, f"/posts/{post.id}/essence", on="yes")
    press(talk, f"/posts/{post.id}/essence", on="no")

    assert chosen == {"posts": 1, "topics": 1, "characters": 37, "essence": 1}
    assert the_fact(talk, post) == {**chosen, "essence": 0}
    assert talk.posts()[0].revision == 3


def test_only_a_leader_chooses_and_removes(talk: Any) -> None:
    post = talk.start()

    for who in ("learner", "other", "group leader"):
        for page in ("essence", "remove", "restore"):
            answer = press(talk, f"/posts/{post.id}/{page}", who, on="yes", reason="x")
            assert answer.status_code == 403, (who, page)
    assert press(talk, f"/posts/{post.id}/essence", "officer").status_code == 403


def test_no_more_are_essence_than_the_quota(talk: Any) -> None:
    talk.set(essence_most=1)
    topic = talk.start()
    other = talk.reply(topic.topic_id)

    press(talk, f"/posts/{topic.id}/essence", on="yes")
    browser = talk.browser("leader")
    page = talk.url(f"/posts/{other.id}/essence")
    answer = browser.post(page, data={"on": "yes"}, follow_redirects=True)

    assert [post.essence for post in talk.posts()] == [True, False]
    assert "精华名额只有 1 个" in answer.text


def test_a_removed_post_says_why_and_gives_nothing(talk: Any) -> None:
    topic = talk.start()
    post = talk.reply(topic.topic_id, "other", "与主题毫无关系的一段广告，" * 4)

    answer = press(talk, f"/posts/{post.id}/remove", reason="与主题无关")

    page = talk.url(f"/topics/{topic.topic_id}")
    assert answer.status_code == 303
    assert the_fact(talk, post, "other") == {"rejected": 1}
    for who, reads in (("learner", False), ("other", True), ("leader", True)):
        html = talk.browser(who).get(page).text
        assert "由坊主删除：与主题无关" in html
        assert ("毫无关系" in html) is reads, who
    found = talk.browser().get(talk.url("/posts?q=毫无关系")).text
    assert "没有找到帖子" in found
    (notice,) = [n for n in told(talk) if "删除" in n]
    assert notice == "您的帖子被删除：与主题无关"


def test_a_removal_needs_its_reason(talk: Any) -> None:
    post = talk.start()
    answer = press(talk, f"/posts/{post.id}/remove", reason=" ")

    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert talk.posts()[0].removed_at is None


def test_what_is_brought_back_counts_again(talk: Any) -> None:
    post = talk.start()
    press(talk, f"/posts/{post.id}/essence", on="yes")
    press(talk, f"/posts/{post.id}/remove", reason="误会")
    press(talk, f"/posts/{post.id}/restore")

    assert the_fact(talk, post) == {
        "posts": 1,
        "topics": 1,
        "characters": 37,
        "essence": 0,
    }
    assert "由坊主删除" not in talk.browser().get(talk.page).text


def test_the_title_goes_with_the_first_post(talk: Any) -> None:
    post = talk.start(title="低价出售课件")
    talk.reply(post.topic_id)
    press(talk, f"/posts/{post.id}/remove", "officer", reason="广告")

    for page in (talk.page, talk.url(f"/topics/{post.topic_id}")):
        assert "低价出售" not in talk.browser("other").get(page).text
        assert "低价出售" in talk.browser("leader").get(page).text
    topic = talk.url(f"/topics/{post.topic_id}")
    assert "由管理员删除：广告" in talk.browser("other").get(topic).text
    assert "低价出售" in talk.browser("learner").get(topic).text


def test_nobody_calls_their_own_post_essence(talk: Any) -> None:
    post = talk.start("leader")
    page = talk.url(f"/topics/{post.topic_id}")

    browser = talk.browser("leader")
    essence = talk.url(f"/posts/{post.id}/essence")
    answer = browser.post(essence, data={"on": "yes"}, follow_redirects=True)

    assert not talk.posts()[0].essence
    assert "自己的帖子要由别人设为精华" in answer.text
    assert "/essence" not in browser.get(page).text


def test_what_others_removed_its_author_does_not_bring_back(talk: Any) -> None:
    post = talk.start("leader")
    press(talk, f"/posts/{post.id}/remove", "officer", reason="与主题无关")
    page = talk.url(f"/topics/{post.topic_id}")

    press(talk, f"/posts/{post.id}/restore")
    assert talk.posts()[0].removed_at is not None
    assert f"/posts/{post.id}/restore" not in talk.browser("leader").get(page).text

    press(talk, f"/posts/{post.id}/restore", "officer")
    assert talk.posts()[0].removed_at is None


def test_what_its_author_removed_they_bring_back(talk: Any) -> None:
    post = talk.start("leader")
    press(talk, f"/posts/{post.id}/remove", reason="写错了")
    press(talk, f"/posts/{post.id}/restore")

    assert talk.posts()[0].removed_at is None


def test_no_page_tells_the_title_of_a_removed_topic(talk: Any) -> None:
    post = talk.start(title="低价出售课件")
    reply = talk.reply(post.topic_id)
    form = {"text": LONG + "补一句。", "version": "1"}
    talk.browser("other").post(talk.url(f"/posts/{reply.id}/edit"), data=form)
    press(talk, f"/posts/{post.id}/remove", reason="广告")

    for path in (
        f"/posts?author={talk.people['other'].id}",
        f"/posts/{reply.id}/versions",
        f"/posts/{reply.id}/edit",
    ):
        page = talk.browser("other").get(talk.url(path))
        assert page.status_code == 200, path
        assert "已删除的主题" in page.text, path
        assert "低价出售" not in page.text, path
    found = talk.url(f"/posts?author={talk.people['other'].id}")
    assert "低价出售" in talk.browser("leader").get(found).text
    assert "低价出售" in talk.browser("learner").get(found).text


def test_the_same_words_after_a_removal_earn_nothing(talk: Any) -> None:
    post = talk.start()
    press(talk, f"/posts/{post.id}/remove", reason="水帖")
    talk.reply(post.topic_id, "learner", LONG)

    assert talk.facts() == {f"post:{post.id}": {"rejected": 1}}


def test_the_duty_is_done_by_the_posts_and_open_again_after_a_removal(
    talk: Any,
) -> None:
    talk.set(topics_required=1, replies_required=1)
    browser = talk.browser()
    assert talk.activity.title in browser.get("/").text

    post = talk.start()
    reply = talk.reply(post.topic_id, "learner", LONG + "再补一句")
    assert talk.tally().met
    done = browser.get("/").text

    press(talk, f"/posts/{reply.id}/remove", reason="重复")
    assert not talk.tally().met
    again = browser.get("/").text
    talk.reply(post.topic_id, "learner", LONG + "换一句话")

    assert f"/activities/{talk.id}" not in done.split('class="tasks"')[-1][:2000]
    assert f"/activities/{talk.id}" in again
    assert talk.tally().met
    assert talk.tally().rejected == 1


def test_pinned_topics_come_first(talk: Any) -> None:
    first = talk.start(title="第一个主题")
    talk.clock.move(hours=1)
    talk.start("other", title="第二个主题")
    page = talk.browser().get(talk.page).text
    assert page.index("第二个主题") < page.index("第一个主题")

    press(talk, f"/topics/{first.topic_id}/pin", on="yes")

    page = talk.browser().get(talk.page).text
    assert page.index("第一个主题") < page.index("第二个主题")
    assert "置顶" in page


def test_a_closed_topic_takes_no_replies_until_it_is_opened(talk: Any) -> None:
    post = talk.start()
    url = talk.url(f"/topics/{post.topic_id}")
    press(talk, f"/topics/{post.topic_id}/close", on="yes")

    refused = talk.browser().post(url, data={"text": LONG + "晚了"})
    press(talk, f"/topics/{post.topic_id}/close", on="no")
    taken = talk.browser().post(url, data={"text": LONG + "晚了"})

    assert refused.status_code == 422
    assert "已经关闭" in refused.text
    assert "晚了" in refused.text
    assert taken.status_code == 303


def test_the_leader_sees_who_posted_how_much(talk: Any) -> None:
    talk.set(topics_required=1, replies_required=0)
    talk.start()
    talk.start("leader", text=LONG + "我先说")

    page = talk.browser("leader").get(talk.url("/people"))

    assert page.status_code == 200
    assert "已达到要求" in page.text
    assert "未达到" in page.text
    assert talk.browser().get(talk.url("/people")).status_code == 403


def test_in_english_the_columns_are_topics_and_replies(talk: Any) -> None:
    talk.start()
    leader = talk.browser("leader")
    leader.post("/language", data={"locale": "en"})

    for path in (talk.page, talk.url("/people")):
        page = leader.get(path).text
        assert 'data-label="Replies"' in page, path
        assert ">Topics</" in page, path
        assert "Theme" not in page.partition("<main")[2].partition("</main")[0], path


@pytest.mark.parametrize("page", ["pin", "close"])
def test_learners_neither_pin_nor_close(talk: Any, page: str) -> None:
    post = talk.start()

    answer = press(talk, f"/topics/{post.topic_id}/{page}", "learner", on="yes")

    assert answer.status_code == 403


def told(talk: Any) -> list[str]:
    """The titles of all notices."""
    talk.session.expire_all()
    rows = talk.session.scalars(select(Notice).order_by(Notice.id))
    return [title_of(one) for one in rows]
