"""The page that tells how to make a theme makes one that is well."""

import re
from pathlib import Path
from typing import Any

from portal.app import create_app

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "make-a-theme.md"
BLOCK = re.compile(r"```(?:toml|css|html)\n(.*?)```", re.DOTALL)
PATH = re.compile(r"themes/lotus/\S+")


def test_who_follows_the_page_has_a_theme(
    app_config: dict[str, Any], tmp_path: Path
) -> None:
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    for block in blocks:
        found = PATH.search(block.splitlines()[0])
        assert found is not None, block
        file = tmp_path / found[0]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, "utf-8")
    config = {**app_config, "THEMES_DIR": str(tmp_path / "themes")}
    app = create_app(config, instance_path=str(tmp_path))
    result = app.test_cli_runner().invoke(args=["portal", "themes", "check", "lotus"])
    assert len(blocks) == 3
    assert result.output == "lotus: nothing is wrong.\n"
