"""Texts of the county's project and its three subject workshops."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProjectText:
    """A training project as the bureau announces it."""

    title: str
    number: int
    theme: str

    def doc_no(self, year: int) -> str:
        """The number of the official document (文号) of ``year``."""
        return f"清教师训〔{year}〕{self.number}号"


@dataclass(frozen=True)
class StageText:
    """A stage of a workshop and what its journals are to be about."""

    title: str
    instructions: str


@dataclass(frozen=True)
class WorkshopText:
    """A subject workshop; codes are those of ``portal.users.codes``."""

    subject_code: str
    stage_code: str
    title: str
    summary: str
    stages: tuple[StageText, ...]
    groups: tuple[str, ...]


PROJECT = ProjectText(
    title="清溪县中小学教师工作坊研修项目",
    number=12,
    theme="立足课堂，写好周记，在反思中成长",
)

EARLIER_PROJECT = ProjectText(
    title="清溪县乡村教师送教下乡培训项目",
    number=9,
    theme="诊断示范、研课磨课、成果展示、总结提升",
)

EARLIER_TITLE = "送教下乡·小学语文：诊断与磨课"
"""The workshop of the earlier project, which is put away by now."""

JOURNAL_TITLE = "教学周记"

JOURNAL_INSTRUCTIONS = (
    "每周写一篇教学周记，周一零点开始，周日二十四点截止。\n"
    "请写本周自己上过的一节课：打算怎样上，实际发生了什么，"
    "学生说了什么、做了什么，有多少人会、多少人不会，"
    "哪里出了问题，下周改哪一步。\n"
    "不少于一百字，不要抄教案，也不要转载。学生请用化名。"
)
"""What a teacher reads above the writing area, in every workshop."""

WORKSHOPS = (
    WorkshopText(
        subject_code="chinese",
        stage_code="20",
        title="小学语文工作坊：读写结合的课堂",
        summary=(
            "面向全县小学语文教师。我们从一课一得做起，"
            "研究怎样把朗读、理解和表达连在一起，"
            "让学生每节课都有话可说、有字可写。"
        ),
        stages=(
            StageText(
                "第一阶段 看清课堂：学生在哪里停下来",
                (
                    "请选一节新授课，记下学生读不通、说不出、写不下去的一处，"
                    "写清是谁、停了多久、您怎样应对。"
                ),
            ),
            StageText(
                "第二阶段 磨一处读写：十分钟小练笔",
                (
                    "请在课堂上留出十分钟让学生动笔，周记里引一两句学生的原话，"
                    "说明它好在哪里、难在哪里。"
                ),
            ),
            StageText(
                "第三阶段 回头看：同一课再上一次",
                (
                    "请把前两个阶段的一处改动用到新的课上，比一比前后人数的变化，"
                    "写出您要保留和要放弃的做法。"
                ),
            ),
        ),
        groups=("荷风组", "松涛组", "新竹组", "晨露组", "远山组"),
    ),
    WorkshopText(
        subject_code="mathematics",
        stage_code="20",
        title="小学数学工作坊：让错误说话",
        summary=(
            "面向全县小学数学教师。我们收集课堂里真实的错误，弄清学生是怎样想的，"
            "再用操作、画图和说理帮他们自己改过来。"
        ),
        stages=(
            StageText(
                "第一阶段 收集错误：哪里错、多少人错",
                (
                    "请从本周一次练习里挑出最集中的一个错误，数清人数，"
                    "抄下一份典型的错例。"
                ),
            ),
            StageText(
                "第二阶段 听懂错误：学生是怎样想的",
                (
                    "请找两三个出错的学生聊一聊，记下他们的原话，"
                    "再说明您据此改了教学的哪一步。"
                ),
            ),
            StageText(
                "第三阶段 用好错误：一节改过的课",
                (
                    "请把错误当作例题重上一次，写出改动前后的人数，"
                    "以及仍然没有解决的问题。"
                ),
            ),
        ),
        groups=("启明组", "方圆组", "求真组", "拾级组", "量尺组"),
    ),
    WorkshopText(
        subject_code="english",
        stage_code="30",
        title="初中英语工作坊：开口与动笔",
        summary=(
            "面向全县初中英语教师。我们关心乡镇学生敢不敢开口、会不会用完整的句子表达，"
            "用小活动和小任务把语法带进真实的交流。"
        ),
        stages=(
            StageText(
                "第一阶段 听一听：谁在课上开口",
                "请统计一节课里开口的人数和次数，记下一段真实的对话，哪怕它有错误。",
            ),
            StageText(
                "第二阶段 搭一座桥：从句型到交流",
                (
                    "请设计一个有信息差的小活动，写清规则、用时、学生卡在哪里，"
                    "以及您给了什么支架。"
                ),
            ),
            StageText(
                "第三阶段 写一写：从说到写",
                (
                    "请让学生把说过的内容写成五句以上的短文，周记里引一份习作，"
                    "谈谈您怎样批改。"
                ),
            ),
        ),
        groups=("启航组", "回声组", "小桥组", "蓝帆组", "晴窗组"),
    ),
)
