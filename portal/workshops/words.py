"""What the codes of this feature mean, in sentences."""

from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words, workshop_roles
from portal.words import error_words
from portal.workshops.labels import ROLES

error_words(
    {
        "follow_up_of_open": _l("结班以后才能开训后任务。"),
        "follow_up_of_school": _l("训后任务只为县级以上的培训开。"),
        "follow_up_due_past": _l("截止日期要在今天以后。"),
        "ends_before_start": _l("结束日期不能早于开始日期。"),
        "plan_title_missing": _l("请填写名称。"),
        "title_taken": _l("这个项目里已有名为“%(title)s”的工作坊，请换一个名称。"),
        "group_too_small": _l("每组至少 %(minimum)s 人。"),
        "activities_outside": _l(
            "有 %(count)s 个活动的时间超出这段日期，请先改活动的时间。"
        ),
        "outside_workshop": _l("活动的时间要在工作坊的起止日期之内。"),
        "stage_of_another_workshop": _l("这个阶段不属于本工作坊，请重新选择。"),
        "stage_not_empty": _l("阶段“%(title)s”里还有活动，请先把活动移走。"),
        "workshop_archived": _l("“%(title)s”已归档，只能查看；要修改请先取消归档。"),
        "workshop_takes_nobody": _l("“%(title)s”已结班，不再加入新学员。"),
        "workshop_state": _l(
            "工作坊现在的状态不能这样做。请刷新页面看看它是否已被别人改过。"
        ),
        "organisation_outside": _l("所选单位不在本工作坊的招生范围内，请重新选择。"),
        "no_workshop_role": _l("工作坊里没有这个角色。"),
        "removal_reason_missing": _l("请写明移出的理由。"),
        "group_of_another_workshop": _l("这个组不属于本工作坊，请重新选择。"),
        "role_without_group": _l("坊主不分组。"),
        "leader_needs_group": _l("请选择组长所带的组。"),
        "group_name_missing": _l("请填写组名。"),
        "group_name_taken": _l("已有名为“%(name)s”的组，请换一个名称。"),
        "group_not_empty": _l("“%(name)s”里还有人，请先把他们移到别的组。"),
        "stand_in_dates": _l("代理的结束日期要晚于开始日期，也不能是过去的日子。"),
        "leads_already": _l("%(name)s本来就是这个组的组长，不用代理。"),
        "no_learner_here": _l("%(name)s不是本工作坊的学员。"),
        "extension_hours": _l("延长的时间须在 1 小时到 %(maximum)s 小时之间。"),
        "list_empty": _l("名单是空的。请每行填写一个用户名。"),
        "list_too_long": _l("名单最多 %(maximum)s 行，请分几次提交。"),
        "list_unreadable": _l(
            "这个文件读不出来。请上传 Excel 表格（.xlsx）或文本文件（.txt、.csv）。"
        ),
    }
)

action_words(
    {
        "project.created": _l("建立项目"),
        "project.updated": _l("修改项目"),
        "workshop.created": _l("建立工作坊"),
        "workshop.updated": _l("修改工作坊"),
        "workshop.copied": _l("复制工作坊"),
        "workshop.open": _l("开放工作坊"),
        "workshop.closed": _l("工作坊结班"),
        "workshop.archived": _l("工作坊归档"),
        "enrolment.added": _l("加入工作坊"),
        "enrolment.moved": _l("调整分组"),
        "enrolment.removed": _l("移出工作坊"),
        "enrolment_rule.saved": _l("保存加入规则"),
        "enrolment_rule.dropped": _l("停用加入规则"),
        "stand_in.added": _l("请人代理组长"),
        "stand_in.ended": _l("结束代理组长"),
        "activity.created": _l("添加活动"),
        "activity.updated": _l("修改活动"),
        "activity.moved": _l("移动活动"),
        "activity.deleted": _l("删除活动"),
        "activity.draft": _l("隐藏活动"),
        "activity.open": _l("公布活动"),
        "activity.archived": _l("归档活动"),
        "extension.given": _l("给予延期"),
        "extension.taken_back": _l("取消延期"),
    }
)

workshop_roles(ROLES)
