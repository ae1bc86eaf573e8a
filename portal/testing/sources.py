"""What can be told of a plugin by reading its files, without running them."""

from __future__ import annotations

import ast
import importlib.metadata
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal.plugins.admission import DISTRIBUTION, GROUP

DOORS = ("portal.api", "portal.testing")
"""All that a plugin may import of the portal."""

MIGRATION_TOOLS = ("alembic", "sqlalchemy", "__future__", "collections", "typing")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every import in a file, relative ones with their dots."""
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield node.lineno, module
            if node.level == 0:
                yield from ((node.lineno, f"{module}.{a.name}") for a in node.names)


def modules(folder: Path) -> list[Path]:
    """The Python files of a package, but for its migrations."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.relative_to(folder).parts
    ]


def back_doors(folder: Path) -> list[str]:
    """Imports of the portal that go past its door."""
    return [
        f"{path.name}:{line} imports {module}"
        for path in modules(folder)
        for line, module in imports(path)
        if _is_within(module, ["portal"])
        and module != "portal"
        and not _is_within(module, DOORS)
    ]


def foreign_imports(script: Path) -> list[str]:
    """What a migration imports beside its tools: it must outlive the code."""
    return [
        f"{script.name}:{line} imports {module}"
        for line, module in imports(script)
        if not _is_within(module, MIGRATION_TOOLS)
    ]


def _is_within(module: str, packages: Iterable[str]) -> bool:
    return any(module == p or module.startswith(f"{p}.") for p in packages)


def unbounded(requirements: Iterable[str]) -> list[str]:
    """Requirements on the portal that would accept every portal to come."""
    return [
        line
        for line in requirements
        if canonicalize_name((wanted := Requirement(line)).name) == DISTRIBUTION
        and not any(
            s.operator in ("<", "<=", "==", "~=", "===") for s in wanted.specifier
        )
    ]


def requirements_of(plugin: str) -> list[str]:
    """What the distribution of an installed plugin requires."""
    (found,) = importlib.metadata.entry_points(group=GROUP, name=plugin)
    return list((found.dist and found.dist.requires) or ())


def strays(folder: Path, plugin: str) -> list[str]:
    """Templates and static files outside the folder that has the plugin's name.

    Templates of all plugins are looked up in one place: two that are both called
    `view.html` would show one page for the other.
    """
    return [
        str(path.relative_to(folder))
        for place in ("templates", "static")
        for path in sorted((folder / place).rglob("*"))
        if path.is_file() and path.relative_to(folder / place).parts[0] != plugin
    ]


def bad_catalogues(folder: Path) -> list[str]:
    """What keeps the plugin's catalogues from being compiled, or makes them lie."""
    found: list[str] = []
    for path in sorted((folder / "translations").rglob("*.po")):
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            found.append(f"{path.name}: {error}")
            continue
        for message, errors in catalogue.check():
            found += [f"{path.name}: {message.id!r}: {error}" for error in errors]
        if not path.with_suffix(".mo").exists():
            found.append(f"{path.name} is not compiled")
    return found
