"""What the codes of this feature mean, in sentences."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.words import error_words

error_words(
    {
        "other_person": _l(
            "刚才的内容是另一位老师写的，没有交给您。请从“我的研修”重新进入。"
        ),
        "password_too_short": _l("密码至少要 %(minimum)s 个字符。"),
        "password_too_long": _l("密码最多 %(maximum)s 个字符。"),
        "password_digits_only": _l("密码不能全是数字，请加上字母或文字。"),
        "password_common": _l(
            "这个密码太常见，容易被猜中。请换一个，比如三四个不相干的词。"
        ),
        "password_own_data": _l(
            "密码里主要是您的姓名、用户名、手机号或生日，容易被猜中。请换一个。"
        ),
        "unknown_language": _l("没有这种语言。"),
        "unknown_scheme": _l("没有这种配色。"),
        "code_unknown": _l(
            "激活码不对、已经用过或已过期。请核对纸条，或请学校师训干部重新发一张。"
        ),
        "user_suspended": _l("这个账号已停用，请先恢复。"),
        "reason_missing": _l("请写明理由，至少 %(minimum)s 个字。"),
        "no_id_number": _l("没有登记身份证号。"),
    }
)

BROWSERS: Mapping[str, LazyString] = {
    "wechat": _l("微信"),
    "wecom": _l("企业微信"),
    "dingtalk": _l("钉钉"),
    "qq": _l("QQ 浏览器"),
    "huawei": _l("华为浏览器"),
    "edge": _l("Edge"),
    "firefox": _l("Firefox"),
    "chrome": _l("Chrome"),
    "safari": _l("Safari"),
    "other": _l("其他浏览器"),
}
SYSTEMS: Mapping[str, LazyString] = {
    "harmony": _l("鸿蒙"),
    "android": _l("安卓"),
    "iphone": _l("iPhone"),
    "ipad": _l("iPad"),
    "windows": _l("Windows"),
    "mac": _l("Mac"),
    "linux": _l("Linux"),
    "other": _l("其他设备"),
}


def device_words(device: str) -> str:
    """A device as people call it: 微信 · 安卓."""
    browser, _blank, system = device.partition(" ")
    words = BROWSERS.get(browser, BROWSERS["other"])
    return f"{words} · {SYSTEMS.get(system, SYSTEMS['other'])}"
