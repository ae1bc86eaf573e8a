"""What the codes of this feature mean, in sentences."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.organisations.models import (
    OrganisationKind,
    PostingKind,
)
from portal.organisations.queries import kind_name
from portal.tenants import Tenant
from portal.words import error_words

error_words(
    {
        "tenant_taken": _l("代码或域名 %(name)s 已被别的县使用。"),
        "root_exists": _l("本县已有最上级机构，新机构要放在它下面。"),
        "root_stays": _l("最上级机构不能移动。"),
        "organisation_code_taken": _l("代码 %(number)s 已被本县别的机构使用。"),
        "into_own_branch": _l("不能把机构移到它自己下面。"),
        "move_would_gain": _l(
            "移过去以后您会多出原来没有的权限，请由管理这两处的人来移动。"
        ),
        "cluster_taken": _l("已有名为“%(name)s”的片区。"),
        "no_school": _l("%(name)s不是学校，只有学校能编入片区。"),
        "base_stage_not_taught": _l("这所学校没有所选的学段，不能作为该学段的基地校。"),
        "dates_reversed": _l("结束日期要晚于开始日期。"),
        "posting_overlaps": _l("与 %(starts_on)s 开始的任职重叠。"),
        "only_the_county_admits": _l("插件由县里准许，各单位只能选用。"),
        "plugin_not_admitted": _l("县里还没有准许使用插件 %(plugin)s。"),
        "unknown_role": _l("没有这个角色，或者它只能在工作坊里授予。"),
        "role_held_already": _l("这个人在这里已有这个角色。"),
        "no_self_grant": _l("不能给自己授予或取消角色，请由同级或上级来办。"),
        "role_above_own": _l("这个角色有您在这里没有的权限，您不能授予或取消它。"),
        "person_holds_more": _l("这个人的权限比您大，请由上级来办。"),
        "not_oneself": _l("不能对自己的账号这样做。"),
        "no_such_person": _l("没有找到这个人：请核对用户名，或者他不归您管理。"),
    }
)

KINDS: Mapping[OrganisationKind, LazyString] = {
    OrganisationKind.BUREAU: _l("教育局"),
    OrganisationKind.TRAINING_CENTER: _l("教师进修学校"),
    OrganisationKind.TOWNSHIP_ORG: _l("中心学校"),
    OrganisationKind.SCHOOL: _l("学校"),
}
POSTINGS: Mapping[PostingKind, LazyString] = {
    PostingKind.HOME: _l("在编"),
    PostingKind.WORKING: _l("交流"),
}
TREE_ROLES: Mapping[str, LazyString] = {
    "training_officer": _l("师训干部"),
    "vice_head_training": _l("分管师训校长"),
    "central_head": _l("中心学校一把手"),
    "deputy_director": _l("分管局长"),
    "researcher": _l("教研员"),
    "county_officer": _l("县师训管理员"),
}
"""The roles that are held in an organisation: the posts of a teacher."""
ROLES: Mapping[str, LazyString] = {
    "learner": _l("学员"),
    "group_leader": _l("组长"),
    "workshop_leader": _l("坊主"),
    "tutor": _l("指导教师"),
    "expert": _l("专家"),
    **TREE_ROLES,
}


def kind_words(tenant: Tenant, kind: OrganisationKind) -> str:
    """A level of the tree, as the county calls it."""
    return kind_name(tenant, kind) or str(KINDS[OrganisationKind(kind)])


def role_words(role: str) -> str:
    """A role as people call it; a county's own has its code for a name."""
    return str(ROLES.get(role, role))
