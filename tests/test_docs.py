"""The reference says what the code does: names that people look up are all there."""

import re
from pathlib import Path

from portal.permissions import DEFAULT_ROLES, Permission

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
ROW = re.compile(r"^\| `([a-z_]+)` \| [^|]+ \| ([^|]*) \|$", re.MULTILINE)


def test_every_permission_is_documented_with_the_roles_that_hold_it() -> None:
    rows = ROW.findall((REFERENCE / "permissions.md").read_text("utf-8"))
    documented = {name: set(re.findall(r"`([a-z_]+)`", roles)) for name, roles in rows}
    assert documented == {
        permission.value: {
            role for role, held in DEFAULT_ROLES.items() if permission in held
        }
        for permission in Permission
    }
