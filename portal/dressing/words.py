"""What the codes of this feature mean, in sentences."""

from flask_babel import lazy_gettext as _l

from portal.audit.words import action_words
from portal.words import error_words

error_words(
    {
        "logo_kind_refused": _l(
            "标志要用 PNG 或 WebP 图片，“%(name)s”不是。"
            "SVG 里可能藏有脚本，请另存为 PNG 再上传。"
        ),
    }
)
action_words({"organisation.dressed": _l("更换外观")})
