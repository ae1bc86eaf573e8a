"""A name as strangers see it: enough to compare with what one holds, no more."""

HIDDEN = "＊"


def mask_name(name: str) -> str:
    """Keep the first character, and of three or more the last.

    >>> mask_name("欧阳若兰")
    '欧＊＊兰'
    """
    if len(name) < 3:
        return name[:1] + HIDDEN
    return f"{name[0]}{HIDDEN * (len(name) - 2)}{name[-1]}"
