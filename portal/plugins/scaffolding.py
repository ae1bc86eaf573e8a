"""Writes the smallest whole plugin, from the files in `scaffold/`.

What it writes is installed, passes the kit and can be used as it is; the author
changes it from there. Those files hold `$name` and the like for `string.Template`.
"""

from collections.abc import Iterator
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from packaging.version import Version

from portal import __version__
from portal.activity import is_plugin_name
from portal.errors import Conflict, Invalid

SCAFFOLD = Path(__file__).with_name("scaffold")
SUFFIX = ".tpl"
LONGEST_TITLE = 40


def write_plugin(name: str, folder: Path, *, title: str) -> list[Path]:
    """Write a plugin into a folder of its own, and return its files.

    The folder is there in whole or not at all.

    Args:
        name: as its activity type and its package `portal_<name>` will be called.
        folder: must not be there, or must be empty; what it lies in must be there.
        title: what people read.

    Raises:
        Invalid: "bad_plugin_name", "bad_plugin_title", "no_folder".
        Conflict: "folder_not_empty".
    """
    if not is_plugin_name(name):
        raise Invalid("bad_plugin_name", name=name)
    if not title.strip() or len(title) > LONGEST_TITLE or not _is_literal(title):
        raise Invalid("bad_plugin_title", most=LONGEST_TITLE)
    folder = folder.absolute()
    if not folder.parent.is_dir():
        raise Invalid("no_folder", path=str(folder.parent))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict("folder_not_empty", path=str(folder))
    with TemporaryDirectory(dir=folder.parent, prefix=".portal-") as scratch:
        made = Path(scratch, "plugin")
        for path, text in _files(name, title):
            target = made / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _is_literal(title: str) -> bool:
    """Whether it can stand between double quotes in Python and in a template."""
    return title.isprintable() and not set(title) & set('"\\{}')


def _files(name: str, title: str) -> Iterator[tuple[Path, str]]:
    """Path within the plugin's folder and content of each file."""
    this = Version(__version__)
    values = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "type": "".join(part.capitalize() for part in name.split("_")),
        "title": title,
        "this": f"{this.major}.{this.minor}",
        "next": str(this.major + 1),
    }
    for source in sorted(SCAFFOLD.rglob(f"*{SUFFIX}")):
        path = source.relative_to(SCAFFOLD).as_posix().removesuffix(SUFFIX)
        path = path.replace("package/", f"portal_{name}/", 1)
        path = path.replace("templates/", f"templates/{name}/", 1)
        yield Path(path), Template(source.read_text("utf-8")).substitute(values)
