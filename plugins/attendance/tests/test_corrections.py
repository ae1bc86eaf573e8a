"""Corrections: asked with a reason, decided by another, never written over."""

from typing import Any

import pytest
from portal_attendance.models import Correction
from sqlalchemy import func, select


def ask(morning: Any, meeting: Any, who: str = "learner", **changes: str) -> Any:
    """Ask for one's own mark to be another."""
    data = {"wanted": "present", "reason": "手机没电，坐在第三排。", **changes}
    page = morning.page(meeting, f"/people/{morning.people['learner'].id}")
    return morning.browser(who).post(page, data=data)


def decide(morning: Any, who: str, decision: str = "approve", answer: str = "") -> Any:
    """Say yes or no."""
    number = morning.correction().id
    return morning.browser(who).post(
        morning.url(f"/corrections/{number}"),
        data={"decision": decision, "answer": answer},
        follow_redirects=True,
    )


@pytest.fixture
def absent(morning: Any) -> Any:
    """A session in which the learner was absent."""
    meeting = morning.open()
    morning.end(meeting)
    return meeting


def test_what_a_teacher_asks_the_leader_approves(morning: Any, absent: Any) -> None:
    assert ask(morning, absent).status_code == 303
    assert morning.standing(absent) == "absent"
    assert "有 1 份考勤更正等待审核" in (
        morning.browser("leader").get(f"/activities/{morning.id}").text
    )

    answer = decide(morning, "leader")

    assert "已更正。" in answer.text
    assert morning.standing(absent) == "present"
    before, after = morning.entries(absent)
    assert (before.standing, before.how) == ("absent", "clock")
    assert (after.standing, after.how) == ("present", "correction")
    assert after.by_id == morning.people["learner"].id
    assert after.approved_by_id == morning.people["leader"].id
    assert after.reason == "手机没电，坐在第三排。"
    assert [fact.revision for fact in morning.facts()] == [1, 2]
    assert morning.measures()["session:1"]["attended"] == 1


def test_who_asked_does_not_decide(morning: Any, absent: Any) -> None:
    assert ask(morning, absent, "leader").status_code == 303

    answer = decide(morning, "leader")

    assert "要由别人审核" in answer.text
    assert morning.standing(absent) == "absent"
    assert "已更正。" in decide(morning, "officer").text
    assert morning.standing(absent) == "present"


def test_a_refusal_says_why_and_changes_nothing(morning: Any, absent: Any) -> None:
    ask(morning, absent)
    assert "请写明原因" in decide(morning, "leader", "refuse").text
    assert morning.correction().waits

    decide(morning, "leader", "refuse", "签到表上没有签名")

    assert morning.standing(absent) == "absent"
    assert len(morning.facts()) == 1
    page = morning.browser().get(
        morning.page(absent, f"/people/{morning.people['learner'].id}")
    )
    assert "签到表上没有签名" in page.text


def test_approving_twice_is_once_and_refusing_then_is_too_late(
    morning: Any, absent: Any
) -> None:
    ask(morning, absent)
    decide(morning, "leader")

    decide(morning, "leader")
    late = decide(morning, "officer", "refuse", "不同意")

    assert "别人刚刚处理过了" in late.text
    assert len(morning.facts()) == 2
    assert len(morning.entries(absent)) == 2


def test_the_same_request_twice_is_one_and_another_waits(
    morning: Any, absent: Any
) -> None:
    assert ask(morning, absent).status_code == 303
    assert ask(morning, absent).status_code == 303

    other = ask(morning, absent, wanted="late")

    assert other.status_code == 422
    assert "已经有一份更正申请" in other.text
    assert morning.session.scalar(select(func.count()).select_from(Correction)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "请写明原因"),
        ({"reason": "长" * 1001}, "不能超过 1000 字"),
        ({"wanted": "absent"}, "本来就是这样"),
        ({"wanted": ""}, "请选择应当记为什么"),
        ({"wanted": "hero"}, "请选择应当记为什么"),
        ({"wanted": "on_leave"}, "没有准假"),
    ],
)
def test_a_request_that_says_nothing_is_refused(
    morning: Any, absent: Any, changes: dict[str, str], words: str
) -> None:
    answer = ask(morning, absent, **changes)

    assert answer.status_code == 422
    assert words in answer.text


def test_before_it_is_settled_the_list_is_the_place(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)

    answer = ask(morning, meeting, wanted="late")

    assert answer.status_code == 422
    assert "还没有结算" in answer.text


def test_nobody_reads_or_asks_about_a_colleague(morning: Any, absent: Any) -> None:
    page = morning.page(absent, f"/people/{morning.people['other'].id}")

    assert morning.browser().get(page).status_code == 404
    assert morning.browser().post(page, data={}).status_code == 404
    assert morning.browser().get(morning.url("/corrections")).status_code in (403, 404)


def test_an_entry_is_never_written_over(morning: Any, absent: Any) -> None:
    (entry,) = morning.entries(absent)
    entry.standing = "present"

    with pytest.raises(RuntimeError, match="stays as it is"):
        morning.session.flush()
    morning.session.rollback()


def test_the_form_lies_folded_until_something_in_it_is_wrong(
    morning: Any, absent: Any
) -> None:
    own = morning.page(absent, f"/people/{morning.people['learner'].id}")

    assert '<details id="ask"><summary>' in morning.browser().get(own).text

    answer = ask(morning, absent, wanted="")
    assert answer.status_code == 422
    assert '<details id="ask" open>' in answer.text
