"""Sentences of this feature's error codes."""

from flask_babel import lazy_gettext as _l

from portal.words import error_words

error_words(
    {
        "file_empty": _l("文件“%(name)s”是空的，请重新选择。"),
        "file_too_large": _l(
            "文件“%(name)s”超过 %(limit_mb)s MB，请压缩或分成几个再上传。"
        ),
        "file_kind_refused": _l(
            "不接收“%(name)s”这种文件。请上传图片、PDF、Word、PPT、Excel 或文本文件。"
        ),
        "file_not_what_it_says": _l(
            "文件“%(name)s”的内容与扩展名不符，或已损坏。请用原来的软件另存后再上传。"
        ),
        "video_refused": _l(
            "“%(name)s”不是浏览器能播放的视频。请转成 mp4（H.264 编码）再上传。"
        ),
        "picture_too_large": _l("图片“%(name)s”的像素太多，请缩小后再上传。"),
    }
)
