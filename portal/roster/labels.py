"""Words for the states that pages of this feature show, and their colours."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.roster.models import ImportState, TransferState
from portal.roster.problems import RowStatus
from portal.users.models import UserState

Label = tuple[LazyString, str]

USER_STATES: Mapping[str, Label] = {
    UserState.ACTIVE: (_l("已激活"), "ok"),
    UserState.INVITED: (_l("未激活"), "muted"),
    UserState.SUSPENDED: (_l("已停用"), "danger"),
}
IMPORT_STATES: Mapping[str, Label] = {
    ImportState.CHECKED: (_l("已检查，未导入"), "warn"),
    ImportState.WAITING: (_l("正在导入"), "accent"),
    ImportState.IMPORTED: (_l("已导入"), "ok"),
}
TRANSFER_STATES: Mapping[str, Label] = {
    TransferState.ASKED: (_l("待处理"), "warn"),
    TransferState.CONFIRMED: (_l("已转入"), "ok"),
    TransferState.REFUSED: (_l("未同意"), "danger"),
}
ROW_KINDS: Mapping[str, str] = {
    RowStatus.ACCEPTED: "ok",
    RowStatus.REFUSED: "danger",
    RowStatus.HELD: "warn",
    RowStatus.TRANSFER: "accent",
}
EXPORT_TITLES = (
    _l("姓名"),
    _l("用户名"),
    _l("身份证号"),
    _l("性别"),
    _l("出生日期"),
    _l("手机"),
    _l("学校"),
    _l("学段"),
    _l("学科"),
    _l("学历"),
    _l("职称"),
    _l("教师梯队"),
    _l("状态"),
)
