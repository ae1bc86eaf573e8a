"""Which pages there are, and who looks at each: the roles whose page differs.

The table is held to `app.url_map` by a test: a page that is added and not entered here
fails it. Where a page is, is found by following links from the first page, as people
do; what no link leads to has its address here.
"""

from collections.abc import Mapping
from typing import NamedTuple

TEACHER, AUTHOR = "teacher", "author"
GROUP_LEADER, LEADER = "group leader", "leader"
SCHOOL, COUNTY = "school officer", "county officer"
HEAD, DIRECTOR = "central school head", "deputy director"
STRANGER, NEWCOMER = "stranger", "newcomer"
"""A stranger is not logged in; a newcomer has typed an activation code."""

LOGINS = {
    TEACHER: "teacher, journal due",
    AUTHOR: "teacher, journal returned",
    GROUP_LEADER: "group leader",
    LEADER: "workshop leader",
    SCHOOL: "school officer",
    COUNTY: "county officer",
    HEAD: "central school head",
    DIRECTOR: "deputy director",
}
"""What the demonstration calls them."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "users.login": (STRANGER,),
    "users.activate": (STRANGER,),
    "users.choose_password": (NEWCOMER,),
    "users.account": (TEACHER,),
    "study.home": (TEACHER, LEADER, COUNTY, GROUP_LEADER),
    "study.record": (TEACHER, COUNTY),
    "submissions.write": (TEACHER, AUTHOR),
    "submissions.submission": (AUTHOR,),
    "submissions.feedback": (TEACHER, COUNTY),
    "submissions.desk": (LEADER,),
    "submissions.judge": (LEADER, GROUP_LEADER),
    "workshops.workshops": (TEACHER, COUNTY),
    "workshops.workshop": (TEACHER, LEADER, COUNTY),
    "plugins.activity": (TEACHER, LEADER),
    "workshops.projects": (COUNTY,),
    "workshops.new_project": (COUNTY,),
    "workshops.edit_project": (COUNTY,),
    "workshops.new_workshop": (COUNTY,),
    "workshops.edit": (COUNTY, LEADER),
    "workshops.settings": (LEADER,),
    "workshops.copy": (COUNTY,),
    "workshops.change_state": (COUNTY,),
    "workshops.edit_stage": (LEADER,),
    "workshops.remove_stage": (LEADER,),
    "workshops.new_activity": (LEADER,),
    "workshops.edit_activity": (LEADER,),
    "workshops.remove_activity": (LEADER,),
    "workshops.extend": (LEADER,),
    "workshops.people": (COUNTY, LEADER),
    "workshops.person": (LEADER,),
    "workshops.add_person": (LEADER,),
    "workshops.add_list": (COUNTY,),
    "workshops.add_stand_in": (LEADER,),
    "workshops.add_group": (LEADER,),
    "workshops.edit_group": (LEADER,),
    "workshops.rule": (COUNTY,),
    "overview.late": (SCHOOL, COUNTY),
    "workshops.follow_up": (COUNTY,),
    "overview.workshop": (LEADER, GROUP_LEADER),
    "schemes.schemes": (COUNTY,),
    "schemes.scheme": (TEACHER,),
    "schemes.of_workshop": (LEADER,),
    "schemes.templates": (COUNTY,),
    "schemes.template": (COUNTY,),
    "schemes.upload": (COUNTY,),
    "schemes.edit": (COUNTY,),
    "schemes.item": (COUNTY,),
    "schemes.remove_item": (COUNTY,),
    "schemes.honours_rule": (COUNTY,),
    "schemes.confirm": (COUNTY,),
    "schemes.publish": (COUNTY,),
    "schemes.revise": (COUNTY,),
    "schemes.discard": (COUNTY,),
    "schemes.effect": (COUNTY,),
    "schemes.honours": (LEADER,),
    "trials.scheme": (COUNTY,),
    "credits.overview": (TEACHER, SCHOOL, COUNTY),
    "credits.prechecks": (SCHOOL,),
    "credits.audits": (COUNTY,),
    "credits.claim": (SCHOOL, TEACHER, COUNTY),
    "credits.refuse": (SCHOOL,),
    "credits.reverse": (COUNTY,),
    "credits.reopen": (COUNTY,),
    "credits.publish": (COUNTY,),
    "credits.publicity": (TEACHER,),
    "credits.register": (COUNTY,),
    "credits.certificate": (TEACHER,),
    "credits.closing": (LEADER, COUNTY),
    "credits.set_worth": (COUNTY,),
    "credits.verify": (STRANGER,),
    "notifications.notices": (TEACHER, LEADER),
    "notifications.notice": (TEACHER,),
    "notifications.new": (COUNTY,),
    "notifications.to_workshop": (LEADER,),
    "notifications.to_organisation": (COUNTY,),
    "notifications.sent": (LEADER,),
    "notifications.receipts": (LEADER,),
    "leave.mine": (GROUP_LEADER, TEACHER),
    "leave.new": (TEACHER,),
    "leave.edit": (TEACHER,),
    "leave.show": (GROUP_LEADER, HEAD),
    "leave.approvals": (HEAD, DIRECTOR),
    "leave.refuse": (HEAD,),
    "roster.people": (SCHOOL, COUNTY),
    "roster.upload": (SCHOOL,),
    "roster.imports": (SCHOOL,),
    "roster.show_import": (SCHOOL,),
    "roster.show_transfers": (COUNTY,),
    "roster.confirm_transfer": (COUNTY,),
    "roster.refuse_transfer": (COUNTY,),
    "organisations.overview": (COUNTY, SCHOOL),
    "organisations.show": (COUNTY, SCHOOL),
    "organisations.add": (COUNTY,),
    "organisations.edit": (COUNTY,),
    "organisations.person": (SCHOOL,),
    "organisations.id_number": (COUNTY,),
    "organisations.slips": (SCHOOL,),
    "attendance.sign_page": (TEACHER,),
    "attendance.record_page": (TEACHER, LEADER),
    "attendance.session_page": (LEADER,),
    "attendance.screen": (LEADER,),
    "attendance.list_page": (LEADER,),
    "attendance.new_session": (LEADER,),
    "attendance.edit_session": (LEADER,),
    "attendance.cancel_session": (LEADER,),
    "attendance.corrections_page": (LEADER,),
    "attendance.seats_page": (LEADER,),
    "attendance.new_seats": (LEADER,),
    "attendance.confirm_lock": (LEADER,),
    "attendance.naming_page": (SCHOOL,),
    "attendance.substitute": (SCHOOL,),
    "attendance.draft_circular": (LEADER,),
    "attendance.circular_page": (LEADER,),
    "attendance.circular_of_schools": (SCHOOL,),
    "attendance.photos_page": (TEACHER, LEADER),
    "attendance.closing_page": (LEADER,),
    "cases.experts": (LEADER,),
    "discussion.new_topic": (TEACHER,),
    "discussion.topic": (TEACHER, LEADER),
    "discussion.find": (TEACHER,),
    "discussion.edit_page": (LEADER,),
    "discussion.versions": (LEADER,),
    "discussion.removal": (LEADER,),
    "discussion.people_page": (LEADER,),
    "material.item_page": (TEACHER, LEADER),
    "material.minutes_page": (LEADER,),
    "material.new_item": (LEADER,),
    "material.edit_item": (LEADER,),
    "material.remove_page": (LEADER,),
    "ones.people": (COUNTY,),
    "peer_review.work": (TEACHER,),
    "peer_review.board": (LEADER,),
    "peer_review.reviewers": (LEADER,),
    "records.activity_upload": (LEADER,),
    "records.activity_show": (LEADER,),
    "records.activity_take_back": (LEADER,),
    "records.marks": (LEADER,),
    "records.leaders": (LEADER, COUNTY),
    "records.leader_marks": (COUNTY,),
    "records.schools": (SCHOOL, COUNTY),
    "records.project_schools": (COUNTY,),
    "records.school": (SCHOOL, COUNTY),
    "records.school_upload": (COUNTY,),
    "records.school_show": (COUNTY,),
    "records.school_take_back": (COUNTY,),
    "plugins.plugins": (COUNTY, SCHOOL),
    "quiz.attempt": (TEACHER, AUTHOR),
    "quiz.look_over": (TEACHER,),
    "quiz.paper_page": (LEADER,),
    "quiz.bank_page": (LEADER,),
    "quiz.import_page": (LEADER,),
    "quiz.new_question": (LEADER,),
    "quiz.question_page": (LEADER,),
    "quiz.results_page": (LEADER,),
    "quiz.marking_page": (LEADER,),
    "quiz.mark_question": (LEADER,),
    "dressing.look": (SCHOOL, COUNTY),
    "audit.trail": (COUNTY,),
    "styleguide.show": (COUNTY,),
}

NO_PAGES = {
    "static": "files of the frame",
    "theme_file": "files of a theme",
    "files.file": "what people attached",
    "material.item_file": "what a leader uploaded",
    "material.item_subtitles": "the words of a video",
    "discussion.post_file": "what somebody put to a post",
    "attendance.screen_code": "the code as JSON",
    "attendance.photo": "a picture",
    "attendance.outcome_file": "what a lecturer gave",
    "attendance.circular_file": "a spreadsheet",
    "attendance.circular_file_of_schools": "a spreadsheet",
    "submissions.assigned_work_file": "the same, under an alias",
    "dressing.logo": "a picture",
    "dressing.picture": "a picture",
    "records.activity_template": "a spreadsheet",
    "records.activity_problems": "a spreadsheet",
    "records.school_template": "a spreadsheet",
    "records.school_problems": "a spreadsheet",
    "records.file_of_marks": "a spreadsheet",
    "records.file_of_leader_marks": "a spreadsheet",
    "roster.template": "a spreadsheet",
    "roster.problems": "a spreadsheet",
    "overview.export": "a spreadsheet",
    "schemes.document": "a file",
    "schemes.effect_list": "a spreadsheet",
    "schemes.honours_list": "a spreadsheet",
    "trials.template": "a spreadsheet",
    "overview.late_list": "a spreadsheet",
    "notifications.short": "leads on to the notice",
    "health.alive": "for probes",
    "health.ready": "for probes",
}

WITHOUT_LINKS = {
    "users.choose_password": "/activate/password",
    "credits.register": "/credits/register?q=2025-000001",
    "credits.reverse": "/credits/claims/1/reverse",
    "credits.reopen": "/credits/claims/2/reopen",
    "workshops.change_state": "/workshops/2/close",
    "schemes.confirm": "/schemes/5/confirm",
    "schemes.publish": "/schemes/6/publish",
    "schemes.revise": "/schemes/1/revise",
    "schemes.effect": "/schemes/6/effect",
    "records.leader_marks": "/workshops/2/leaders/marks",
    "workshops.follow_up": "/workshops/7/follow-up",
}
"""To these no link leads."""


class Sight(NamedTuple):
    """One page as one person sees it, on one screen, in one language."""

    endpoint: str
    person: str
    width: int
    scheme: str
    locale: str

    def __str__(self) -> str:
        """Name of the test."""
        return f"{self.endpoint} {self.person} {self.width} {self.locale}"


_PHONE, _DESK = (360, "light"), (1280, "dark")
_PAIRS = (
    ((*_PHONE, "zh-CN"), (*_DESK, "en")),
    ((*_DESK, "zh-CN"), (*_PHONE, "en")),
    ((*_PHONE, "en"), (*_DESK, "zh-CN")),
    ((*_DESK, "en"), (*_PHONE, "zh-CN")),
)
"""Pairwise: a page that two people see is seen on both screens in both languages."""


def sights() -> list[Sight]:
    """Each page once for each person, the looks taking turns."""
    return [
        Sight(endpoint, person, *_PAIRS[place % 4][turn % 2])
        for place, (endpoint, people) in enumerate(PAGES.items())
        for turn, person in enumerate(people)
    ]
