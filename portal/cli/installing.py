"""`portal plugins new`, `install` and `remove`: plugins from outside the repository."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.cli.language import spoken
from portal.db import db, only_reading
from portal.errors import PortalError
from portal.plugins.admission import Refused
from portal.plugins.installing import steps, trials
from portal.plugins.installing.candidates import Candidate
from portal.plugins.installing.words import KIT_WORDS
from portal.plugins.scaffolding import write_plugin
from portal.plugins.words import FAULT_WORDS
from portal.testing.running import Tried
from portal.words import error_sentence

_path = click.Path(path_type=Path)


@contextmanager
def _in_words() -> Iterator[None]:
    """Speak the operator's language, and say in a sentence what is refused."""
    with spoken():
        try:
            yield
        except Refused as refused:
            sentence = FAULT_WORDS[refused.fault.code]
            said = f"{sentence}\n  {refused.fault.reason}"
            raise click.ClickException(said) from refused
        except PortalError as error:
            raise click.ClickException(error_sentence(error)) from error


@click.command()
@click.argument("name")
@click.option("--title", help="What people read; else the name.")
@click.option("--into", type=_path, metavar="DIR", help="Else ./portal-NAME.")
@with_appcontext
def new(name: str, title: str | None, into: Path | None) -> None:
    """Write a small whole plugin NAME to begin with.

    In a folder of its own, with packaging, one activity type, its page and its samples;
    it can be installed as it is. Exit status: 0, or 1 when the name cannot be or
    the folder is there; then nothing is written.
    """
    folder = into or Path(f"portal-{name.replace('_', '-')}")
    with _in_words():
        for path in write_plugin(name, folder, title=title or name):
            click.echo(path)
        click.echo(_("写好了。安装：portal plugins install %(path)s", path=folder))


@click.command()
@click.argument("path", type=_path)
@click.option("--editable", is_flag=True, help="Link to the folder, for its author.")
@click.option("--no-kit", is_flag=True, help="Do not run the conformance kit.")
@with_appcontext
def install(path: Path, editable: bool, no_kit: bool) -> None:
    """Install a plugin from a folder, source distribution or wheel.

    It is looked at and tried by the kit first, then put into the portal's own
    environment, and its tables are made. A plugin that is here already is replaced.
    Exit status: 0, or 1 when it cannot come in; then nothing is changed.
    """
    with _in_words(), steps.examined(path) as candidate:
        about = {"name": candidate.name, "version": candidate.version}
        if not no_kit:
            click.echo(_("正在检查 %(name)s %(version)s，约需十五秒…", **about))
            if failures := trials.try_kit(candidate):
                raise click.ClickException(_complaints(candidate, failures))
        steps.put_in(candidate, editable=path.absolute() if editable else None)
        click.echo(
            _("%(name)s %(version)s 装好了，请重新启动平台。", **about)
            if not candidate.replaces
            else _(
                "%(name)s 由 %(before)s 换成了 %(version)s，请重新启动平台。",
                before=candidate.replaces,
                **about,
            )
        )
        if not candidate.replaces:
            click.echo(
                _("之后由县里在“插件”页面准许，各校再按需启用；现在哪里都没有启用。")
            )


def _complaints(candidate: Candidate, failures: Sequence[Tried]) -> str:
    """Each failed check with its sentence, and beneath it what exactly was found."""
    lines = [_("%(name)s 没有通过合格检查，没有安装：", name=candidate.name)]
    failures = sorted(failures, key=attrgetter("check"))
    for check, found in groupby(failures, attrgetter("check")):
        lines.append(f"{check.upper().replace('K0', 'K')} {KIT_WORDS.get(check, '')}")
        seen = {one.test: one.failure.partition("\n")[0] for one in found}
        lines += [
            f"  - {test}: {failure.removeprefix('AssertionError: ')}"
            for test, failure in seen.items()
        ]
    return "\n".join(lines)


@click.command()
@click.argument("name")
@with_appcontext
def remove(name: str) -> None:
    """Uninstall the plugin NAME.

    Its tables, settings and activities are kept: the activities show a placeholder,
    what was handed in can be read, and installing it again brings all back. Exit
    status: 0, or 1 when there is none of that name.
    """
    with _in_words():
        with only_reading():
            plugins = current_app.extensions["portal_plugins"]
            count = steps.activities_of(db.session, plugins, name)
        steps.take_out(name)
        click.echo(_("%(name)s 已卸载，请重新启动平台。数据都保留着。", name=name))
        if count:
            click.echo(
                ngettext(
                    "它有 %(num)s 个活动，现在只显示占位页；重新安装后即可恢复。",
                    "它有 %(num)s 个活动，现在只显示占位页；重新安装后即可恢复。",
                    count,
                )
            )
