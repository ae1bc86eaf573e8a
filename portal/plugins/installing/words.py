"""What the commands say of a plugin that does not come in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.words import error_words

error_words(
    {
        "bad_plugin_name": _l(
            "“%(name)s”不能作插件的名称。名称由小写字母、数字和单个下划线组成，"
            "以字母开头，最多三十二个字符，如 reading_log。"
        ),
        "bad_plugin_title": _l(
            "标题要有字，最多 %(most)s 个字，不能有换行、英文双引号、反斜线和花括号。"
        ),
        "no_folder": _l("没有 %(path)s 这个文件夹。"),
        "folder_not_empty": _l("%(path)s 已经有了，什么也没有写。请换一个位置。"),
        "nothing_there": _l("%(path)s 不存在。"),
        "no_plugin_folder": _l(
            "%(path)s 不是插件的文件夹：里面没有 pyproject.toml，也没有 setup.cfg。"
        ),
        "bad_archive": _l(
            "%(path)s 不是可以安装的插件：要的是文件夹、.whl 或 .tar.gz。"
        ),
        "build_tool_missing": _l(
            "打包它要用 %(requirement)s，平台的环境里没有。"
            "请先安装，或请作者提供 .whl 文件。"
        ),
        "build_failed": _l("它打不成包：%(reason)s"),
        "no_entry_point": _l(
            "%(distribution)s 不是平台的插件："
            "setup.cfg 里没有 portal.plugins 这一组入口。"
        ),
        "several_entry_points": _l("一个包里只能有一个插件，这里有：%(names)s。"),
        "no_package": _l(
            "入口指向“%(value)s”，应当是 %(package)s，并且包里要有这个文件夹。"
        ),
        "bad_requirement": _l("它对别的包的要求写得不对：%(reason)s"),
        "packages_missing": _l(
            "它还要用 %(packages)s，平台的环境里没有。请先安装这些包，再安装它。"
        ),
        "plugin_taken": _l("已经有一个叫 %(name)s 的插件，来自 %(distribution)s。"),
        "kit_missing": _l(
            "没有合格检查要用的 %(packages)s。请先安装，或用 --no-kit 跳过检查。"
        ),
        "kit_failed": _l("合格检查没有跑起来：%(reason)s"),
        "no_installer": _l("%(python)s 的环境里没有 pip，也找不到 uv，无法安装。"),
        "install_failed": _l("没有装上：%(reason)s"),
        "migration_failed": _l("它的数据表没有建成：%(reason)s"),
        "no_such_plugin": _l("没有安装名为 %(name)s 的插件。"),
    }
)

KIT_WORDS: dict[str, LazyString] = {
    "k01": _l("安装包：能载入，写明适用的平台版本，只用 portal.api"),
    "k02": _l("名称、图标、模板和语言文件"),
    "k03": _l("样例：合格的、不合格的、填错的，判分始终如一"),
    "k04": _l("设置：默认值有效，旧版本的设置读得出"),
    "k05": _l("页面：各种身份、各种主题下都能正确显示，查询不多"),
    "k06": _l("提交：对的收下，错的退回并说明"),
    "k07": _l("同一份交两次只算一次，退回后不再计"),
    "k08": _l("谁能看到：外人看不到"),
    "k09": _l("数据表：名称、归属和列的类型"),
    "k10": _l("数据表的升级和回退"),
    "k14": _l("出错时只影响自己的页面"),
}
"""What each check of the kit is about; `docs/howto/test-a-plugin.md` says more."""
