"""What a device is called in the list of logins: its browser and its system."""

_BROWSERS = (
    ("MicroMessenger", "wechat"),
    ("wxwork", "wecom"),
    ("DingTalk", "dingtalk"),
    ("QQBrowser", "qq"),
    ("HuaweiBrowser", "huawei"),
    ("Edg", "edge"),
    ("Firefox", "firefox"),
    ("Chrome", "chrome"),
    ("Safari", "safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "harmony"),
    ("HarmonyOS", "harmony"),
    ("Android", "android"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Windows", "windows"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)


def describe(user_agent: str) -> str:
    """Codes of browser and system, as "wechat android"; more is not kept."""
    return f"{_first(_BROWSERS, user_agent)} {_first(_SYSTEMS, user_agent)}"


def _first(signs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((code for sign, code in signs if sign in text), "other")
