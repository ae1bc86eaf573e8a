"""What the actions of the audit trail are called."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_words: dict[str, LazyString] = {
    "role.granted": _l("授予角色"),
    "role.ended": _l("取消角色"),
    "organisation.added": _l("添加机构"),
    "organisation.edited": _l("修改机构"),
    "organisation.moved": _l("移动机构"),
    "plugin.admitted": _l("准许各单位选用插件"),
    "plugin.enabled": _l("启用插件"),
    "plugin.disabled": _l("停用插件"),
    "activation.issued": _l("发激活码"),
    "activation.used": _l("用激活码设置密码"),
    "password.reset": _l("重置密码"),
    "password.changed": _l("修改密码"),
    "user.suspended": _l("停用账号"),
    "user.readmitted": _l("恢复账号"),
    "id_number.revealed": _l("查看身份证号"),
}

DETAILS: Mapping[str, LazyString] = {
    "role": _l("角色"),
    "organisation_id": _l("机构"),
    "to_id": _l("移到"),
    "plugin": _l("插件"),
    "theme": _l("主题"),
    "reason": _l("理由"),
    "from_id": _l("原单位"),
    "accepted": _l("已导入人数"),
    "refused": _l("未通过"),
    "hours": _l("小时"),
    "title": _l("名称"),
    "user_id": _l("姓名"),
    "people": _l("人数"),
    "claims": _l("申报份数"),
    "count": _l("评分人数"),
}
"""What is shown of an entry's details; what has no words here stays in the database."""


def action_words(words: Mapping[str, LazyString]) -> None:
    """Add the words for a feature's actions; called in its `words.py`."""
    _words.update(words)


def action_word(action: str) -> str:
    """What an action is called; one without words keeps its code."""
    return str(_words.get(action, action))


_workshop_roles: dict[str, LazyString] = {}


def workshop_roles(words: Mapping[str, LazyString]) -> None:
    """Add the words for roles that are not an organisation's."""
    _workshop_roles.update(words)


def workshop_role(code: str) -> str:
    """What the role in a workshop is called; nothing for any other."""
    return str(_workshop_roles.get(code, ""))
