"""Languages and time: chosen by the person, else the browser, else the county.

The source of every sentence is Chinese, so Chinese is complete by construction;
`portal translations check` shows what English lacks.
"""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_request_context, request, session
from flask_babel import (
    Domain,
    force_locale,
    format_date,
    format_datetime,
    format_time,
    get_locale,
)
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock
from portal.extensions import babel

LANGUAGES = {"zh_Hans_CN": "简体中文", "en": "English"}
_TAGS = {"zh_Hans_CN": "zh-CN", "en": "en"}
_LOCALES = {name: Locale.parse(name) for name in LANGUAGES}
"""The same object in all requests: one that is only equal is compared piece by piece
for each sentence that is looked up."""


class Catalogues(Domain):
    """The words, found by the language itself.

    A page asks for some hundred sentences; Flask-Babel spells the language out for
    each of them, which took longer than finding the sentence.
    """

    def __init__(self) -> None:
        super().__init__()
        self._by_locale: dict[Locale, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the present language; what is loaded is kept."""
        locale = get_locale()
        found = self._by_locale.get(locale)
        if found is None:
            found = super().get_translations()
            if locale is not None:
                self._by_locale[_LOCALES.get(str(locale), locale)] = found
        return found


babel.domain_instance = Catalogues()


def init_app(app: Flask, plugin_directories: list[Path]) -> None:
    """Load the catalogues: plugins first, core last, so that none changes our words."""
    directories = [*plugin_directories, Path(app.root_path) / "translations"]
    for directory in directories:
        compile_catalogues(directory)
    babel.init_app(
        app,
        default_locale=app.config["DEFAULT_LOCALE"],
        default_translation_directories=";".join(map(str, directories)),
        locale_selector=_chosen,
        timezone_selector=choose_zone,
    )
    catalogues = babel.domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # the extension's
        gettext=lambda words: catalogues.get_translations().ugettext(words),
        ngettext=lambda one, many, number: catalogues.get_translations().ungettext(
            one, many, number
        ),
        pgettext=lambda context, words: catalogues.get_translations().upgettext(
            context, words
        ),
        newstyle=True,
    )


def compile_catalogues(directory: Path) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in directory.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        target.write_bytes(compiled.getvalue())


def in_each_language(words: Any) -> dict[str, str]:
    """What a person is to read, by language; lazy words are put into each."""
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = str(words)
    return said


def choose_locale() -> str:
    """The language of this request."""
    if not has_request_context():
        return "zh_Hans_CN"
    chosen = session.get("locale")
    if "tenant" in g and current_user.is_authenticated and current_user.locale:
        chosen = current_user.locale
    if chosen in LANGUAGES:
        return str(chosen)
    wanted = request.accept_languages.best_match(["zh", "zh-CN", "en"])
    if wanted:
        return "en" if wanted == "en" else "zh_Hans_CN"
    return g.tenant.locale if "tenant" in g else "zh_Hans_CN"


def _chosen() -> Locale | str:
    name = choose_locale()
    return _LOCALES.get(name, name)


def choose_zone() -> str:
    """The time zone of the county."""
    return g.tenant.time_zone if has_request_context() and "tenant" in g else "UTC"


def language_tag() -> str:
    """The language for `<html lang>`."""
    return _TAGS.get(str(get_locale()), "zh-CN")


def zone() -> ZoneInfo:
    """The county's time zone."""
    return ZoneInfo(choose_zone())


def in_words(moment: datetime | None) -> str:
    """A moment as people say it: in words when it is near, else date and time."""
    if moment is None:
        return ""
    local, today = moment.astimezone(zone()), clock.now().astimezone(zone()).date()
    time = format_time(moment, "HH:mm")
    days = (local.date() - today).days
    if days == 0:
        if local.hour >= 18:
            return _("今晚 %(time)s", time=time)
        return _("今天 %(time)s", time=time)
    if days == 1:
        return _("明天 %(time)s", time=time)
    if days == -1:
        return _("昨天 %(time)s", time=time)
    if local.year == today.year:
        return _(
            "%(month)s月%(day)s日 %(time)s", month=local.month, day=local.day, time=time
        )
    return format_datetime(moment, "yyyy-MM-dd HH:mm")


def due_in_words(moment: datetime | None) -> str:
    """A deadline; the last second of a day is called 24:00 of that day's evening."""
    if moment is None:
        return ""
    local = moment.astimezone(zone())
    if (local.hour, local.minute) == (0, 0):
        moment -= timedelta(minutes=1)
    return in_words(moment)


def left_in_words(moment: datetime) -> str:
    """How long it is until `moment`, roughly; empty when it is past."""
    seconds = int((moment - clock.now()).total_seconds())
    if seconds <= 0:
        return ""
    if seconds < 3600:
        return _("还有 %(minutes)s 分钟", minutes=max(1, seconds // 60))
    if seconds < 48 * 3600:
        return _("还有 %(hours)s 小时", hours=seconds // 3600)
    return _("还有 %(days)s 天", days=seconds // 86400)


def day(moment: datetime) -> str:
    """The date in the county, as 2026-11-22."""
    return format_date(moment.astimezone(zone()).date(), "yyyy-MM-dd")
