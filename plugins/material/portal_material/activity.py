"""The materials as an activity type."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.api import ActivityContext, ActivityType, Measure, Scenario
from portal.api import lazy_gettext as _l
from portal_material import items
from portal_material.forms import MaterialSettings
from portal_material.items import Draft
from portal_material.models import Base, Kind
from portal_material.overview import overview
from portal_material.scenarios import learn, scenarios
from portal_material.settling import wind_up
from portal_material.views.blueprint import blueprint


class Material(ActivityType):
    """Pages, files, links and videos in a list; time with them counts in minutes."""

    name = "material"
    title = _l("学习资料")
    icon = "book"
    template = "material/view.html"
    settings_form = MaterialSettings
    base = Base
    blueprint = blueprint
    reports = (
        Measure("watch_minutes", "minute", _l("学习分钟数")),
        Measure("opened", "material", _l("打开的资料数")),
    )

    def view(self, ctx: ActivityContext) -> Mapping[str, object]:
        """One's materials and minutes for who takes part, the list for who leads."""
        return overview(ctx)

    def bring_over(self, ctx: ActivityContext, source: ActivityContext) -> None:
        """The list, with its texts, addresses and files."""
        items.bring_over(ctx, source)

    def wind_up(self, ctx: ActivityContext) -> None:
        """The minutes since the last fact of each who learned up to now."""
        wind_up(ctx)

    def compose(self, ctx: ActivityContext, kind: str, title: str, **said: Any) -> int:
        """Put a material on the list and say its number; for the demonstration."""
        return items.add(ctx, Kind(kind), Draft(title, **said)).number

    def learn(self, ctx: ActivityContext, number: int, minutes: int) -> None:
        """Learn that long with a material, up to now; for the demonstration."""
        learn(ctx, number, minutes)

    def scenarios(self) -> Iterable[Scenario]:
        """One who opens a material, one who comes after the close."""
        return scenarios()
