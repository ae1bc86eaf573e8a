"""Notices (通知) that the leaders of workshops send."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeText:
    """A notice; ``must_confirm`` asks every reader to say that it was read."""

    title: str
    body: str
    must_confirm: bool = False


NOTICES = (
    NoticeText(
        "欢迎加入工作坊",
        "各位老师好！本学期我们每周写一篇教学周记，不求长，只求真。"
        "请先读一读任务说明，有不清楚的地方在组里问组长。",
    ),
    NoticeText(
        "关于周记截止时间的说明",
        "每篇周记周日二十四点截止。晚交七天以内按一半计分，再晚不计分。"
        "请尽量不要等到最后一个小时，网络慢时先保存草稿。",
        must_confirm=True,
    ),
    NoticeText(
        "第一周周记批阅小结",
        "第一周的周记已经批完。写得好的共同点是有人数、有学生原话；"
        "需要改进的是下周打算写得太笼统。被退回的老师请在七天内修改后再交。",
    ),
    NoticeText(
        "请勿抄袭",
        "系统会比对全县的周记。本周有几篇与同事的文字大段相同，已按规定处理。"
        "同备一节课可以，写法请写自己班里的事。",
        must_confirm=True,
    ),
    NoticeText(
        "线下研修活动安排",
        "下周四下午在桃源镇中心小学集中研修，内容为同课异构和评课。"
        "请带上一份学生错例或习作。不能到会的老师请提前按两级审批办理请假。",
        must_confirm=True,
    ),
    NoticeText(
        "推荐阅读本周三篇周记",
        "本周推荐三篇周记，共同的优点是只写一个片段，却把学生的想法写透了。"
        "请各组在组会上读一读，说说哪一处可以借来用。",
    ),
    NoticeText(
        "第二阶段开始",
        "从本周起进入第二阶段，周记的重点有变化，请先看阶段说明。"
        "第一阶段缺交的老师还可以在晚交期内补上。",
    ),
    NoticeText(
        "请假的老师看这里",
        "公出、病假请在系统里提交请假，学校和教育局两级批准后，"
        "当周的周记不再要求，也不影响成绩。"
        "只在群里说一声不算请假。",
    ),
    NoticeText(
        "组长轮值安排",
        "本周三组组长外出学习，由坊主代为批阅。周记照常提交，意见会在三天内返回。",
    ),
    NoticeText(
        "期中提醒",
        "工作坊已经过半。请打开成绩明细看一看自己还差几篇、差在哪里，"
        "有疑问直接点“为什么”查看依据，"
        "仍不清楚再联系坊主。",
    ),
)
