"""What the Plugins page and the commands say of a plugin that was turned away."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.plugins.admission import FaultCode

FAULT_WORDS: dict[FaultCode, LazyString] = {
    FaultCode.BAD_NAME: _l("名称不合规定，或已被另一个插件占用。"),
    FaultCode.UNDECLARED_PORTAL: _l("没有声明适用于哪个版本的平台。"),
    FaultCode.WRONG_PORTAL: _l("要求的平台版本与现在的不符。"),
    FaultCode.LOAD_FAILED: _l("载入时出错。"),
    FaultCode.NOT_A_PACKAGE: _l("入口指向的不是它自己的程序包。"),
    FaultCode.UNKNOWN_HOOK: _l("用了平台没有的接口或参数。"),
    FaultCode.REORDERED_HOOK: _l("试图改变插件的调用次序。"),
    FaultCode.TYPES_FAILED: _l("列出活动类型时出错。"),
    FaultCode.BAD_TYPE: _l("活动类型不完整，或用了别的插件的名称。"),
    FaultCode.BAD_JOB: _l("列出定时任务时出错，或任务没有自己的名称。"),
    FaultCode.STOLEN_TYPE: _l("活动类型与另一个同名。"),
    FaultCode.UNDECLARED_PAGE: _l("有页面没有声明谁可以打开。"),
    FaultCode.NEEDS_UPGRADE: _l("数据表与程序的版本不一致，请运行 portal db upgrade。"),
}
"""One sentence for each reason; the technical one stands beside it."""
