"""What the leader sees and does: the matrix, giving out, weights, reminders."""

from portal_peer_review.models import Told
from sqlalchemy import select

from plugins.peer_review.tests.acting import ENDS, NAMES, SUBMITTED, Round, words_of
from portal.notifications.models import Notice, NoticeReceipt
from portal.testing.fixtures import CountQueries
from portal.users.models import User

MOST_QUERIES = 12


def test_the_matrix_says_who_handed_in_and_who_is_missing(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.enrol(*NAMES[:5])
    peer_review.write(*people[:4])
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    peer_review.assess(people[0], 1)
    leader = peer_review.as_user(workshop_leader)

    page = words_of(leader.get(peer_review.board()).text)
    assert "4/5" in page
    assert "1/3" in page
    assert "未交作品（1）" in page
    missing = words_of(leader.get(peer_review.board("?show=works")).text)
    assert people[4].name in missing
    assert people[0].name not in missing


def test_ninety_one_learners_cost_no_more_than_twelve_queries(
    peer_review: Round,
    workshop_leader: User,
    count_queries: CountQueries,
) -> None:
    people = peer_review.enrol(*(f"老师{number}" for number in range(91)))
    peer_review.write(*people[:40])
    peer_review.clock.set(SUBMITTED)
    peer_review.keep()
    leader = peer_review.as_user(workshop_leader)
    leader.get(peer_review.board())

    with count_queries() as nothing:
        leader.get("/activities/0")
    with count_queries() as queries:
        page = leader.get(peer_review.board())

    assert page.text.count("老师") > 91
    assert len(queries) - len(nothing) <= MOST_QUERIES, "\n".join(queries)


def test_the_leader_can_give_out_works_before_the_date(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.enrol(*NAMES[:5])
    peer_review.write(*people)
    leader = peer_review.as_user(workshop_leader)

    leader.post(peer_review.board("/allocate"))
    page = words_of(leader.get(peer_review.board()).text)

    assert "新增 15 份评阅任务" in page
    assert len(peer_review.allocations()) == 15
    again = leader.post(peer_review.board("/allocate"), follow_redirects=True)
    assert "没有要分配的作品" in words_of(again.text)


def test_where_people_do_not_suffice_the_leader_is_told(
    peer_review: Round, workshop_leader: User
) -> None:
    peer_review.write(*peer_review.enrol(*NAMES[:3]))
    leader = peer_review.as_user(workshop_leader)

    page = leader.post(peer_review.board("/allocate"), follow_redirects=True)

    assert "有 3 篇作品的评阅人不够数" in words_of(page.text)


def test_a_replaced_reviewer_loses_the_work_and_another_gets_it(
    peer_review: Round, workshop_leader: User
) -> None:
    peer_review.begin(*NAMES[:6])
    row = peer_review.allocations()[0]
    leader = peer_review.as_user(workshop_leader)
    there = peer_review.board(f"/allocations/{row.id}/replace")

    page = leader.post(there, follow_redirects=True)

    assert "已换人评阅" in words_of(page.text)
    rows = peer_review.allocations()
    standing = [r for r in rows if r.stands and r.submission_id == row.submission_id]
    assert len(standing) == 3
    assert row.reviewer_id not in {r.reviewer_id for r in standing}
    again = leader.post(there, follow_redirects=True)
    assert "已经收回了" in words_of(again.text)


def test_who_has_assessed_is_not_replaced(
    peer_review: Round, workshop_leader: User
) -> None:
    person = peer_review.begin()[0]
    peer_review.assess(person, 1)
    row = peer_review.given_to(person)[0]
    leader = peer_review.as_user(workshop_leader)

    page = leader.post(
        peer_review.board(f"/allocations/{row.id}/replace"), follow_redirects=True
    )

    assert "已经评完，不能换人" in words_of(page.text)
    assert len(peer_review.given_to(person)) == 3


def test_a_weight_changes_the_mark_and_it_is_told_again(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.begin()
    peer_review.assess_all()
    author = people[0]
    row = next(r for r in peer_review.allocations() if r.author_id == author.id)
    harsh = peer_review.session.get_one(User, row.reviewer_id)
    peer_review.assess(harsh, row.author_number, level_0="3", counter="1")
    peer_review.finish()
    assert peer_review.facts(author)["work"]["submission_score"] == "87.33"

    leader = peer_review.as_user(workshop_leader)
    leader.post(
        peer_review.board(f"/allocations/{row.id}/weight"), data={"weight": "0"}
    )

    assert peer_review.facts(author)["work"]["submission_score"] == "94.00"
    told = peer_review.session.scalars(
        select(Told).where(Told.person_id == author.id, Told.key == "work")
    ).one()
    assert told.revision == 1002
    others = [peer_review.facts(p)["work"]["submission_score"] for p in people[1:]]
    assert set(others) == {"94.00"}


def test_a_leaders_mark_on_the_desk_overrules_the_peers(
    peer_review: Round, workshop_leader: User
) -> None:
    author = peer_review.begin()[0]
    peer_review.assess_all()
    peer_review.finish()
    work = peer_review.work_of(author)
    leader = peer_review.as_user(workshop_leader)

    said = {"decision": "accept", "score": "70", "revision": str(work.revision)}
    assert leader.post(f"/desk/{work.id}", data=said).status_code == 303

    assert peer_review.facts(author)["work"]["submission_score"] == "70.00"
    page = words_of(peer_review.as_user(author).get(peer_review.page()).text)
    assert "由坊主评定" in page


def test_a_work_that_is_returned_after_the_close_loses_its_mark_until_it_is_back(
    peer_review: Round, workshop_leader: User
) -> None:
    author = peer_review.begin()[0]
    peer_review.assess_all()
    peer_review.finish()
    work = peer_review.work_of(author)
    leader = peer_review.as_user(workshop_leader)
    said = {
        "decision": "return",
        "advice": "请补上课例",
        "revision": str(work.revision),
    }
    assert leader.post(f"/desk/{work.id}", data=said).status_code == 303
    assert "work" not in peer_review.facts(author)

    browser = peer_review.as_user(author)
    sent = {"text": "补上了课例。" * 10, "counter": "0"}
    answer = browser.post(f"{peer_review.page()}/write/work", data=sent)
    assert answer.status_code == 303, answer.text

    assert peer_review.facts(author)["work"]["submission_score"] == "94.00"


def test_exactly_those_who_are_missing_are_reminded_once_a_day(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.begin()
    for row in peer_review.given_to(people[0]):
        peer_review.assess(people[0], row.author_number)
    leader = peer_review.as_user(workshop_leader)
    before = set(peer_review.session.scalars(select(Notice.id)))

    for _time in range(2):
        page = leader.post(
            peer_review.board("/remind"),
            data={"what": "assessments"},
            follow_redirects=True,
        )
    assert "已提醒 4 人" in words_of(page.text)

    (notice,) = set(peer_review.session.scalars(select(Notice.id))) - before
    got = peer_review.session.scalars(
        select(NoticeReceipt.user_id).where(NoticeReceipt.notice_id == notice)
    )
    assert set(got) == {person.id for person in people[1:]}


def test_a_date_that_is_moved_opens_the_assessment_again(
    peer_review: Round, workshop_leader: User
) -> None:
    people = peer_review.begin()
    peer_review.assess(people[0], 1)
    peer_review.finish()
    peer_review.activity.ends_at = peer_review.workshop.ends_at
    settings = {"submit_until": "2024-09-15", "assess_until": "2024-10-13"}
    peer_review.activity.settings = {**peer_review.activity.settings, **settings}
    peer_review.session.commit()
    assert peer_review.clock.at == ENDS

    peer_review.keep()
    answer = peer_review.assess(people[0], 2)
    peer_review.clock.move(weeks=3)
    peer_review.keep()

    assert answer.status_code == 303
    assert peer_review.facts(people[0])["reviewing"]["assessments"] == "2"
