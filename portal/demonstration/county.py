"""The invented county 清溪县: its tree of organisations and its areas."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from portal.organisations.models import OrganisationKind

COUNTY = "清溪县"
COUNTY_CODE = "qingxi"
SITE_TITLE = "清溪县教师研修平台"
TIME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Place:
    """An organisation; ``parent`` is a code. Schools have an area and stages."""

    kind: OrganisationKind
    code: str
    name: str
    parent: str | None = None
    stages: tuple[str, ...] = ()
    area: str | None = None
    base_stages: tuple[str, ...] = ()
    """Stages for which the school is the base school (基地校) of its area."""


AREAS = ("东片区", "西片区")

BUREAU = Place(OrganisationKind.BUREAU, "99900100", f"{COUNTY}教育局")
CENTRE = Place(
    OrganisationKind.TRAINING_CENTER,
    "99900101",
    f"{COUNTY}教师进修学校",
    parent=BUREAU.code,
)

_TOWNSHIPS = (
    "桃源镇 柳河镇 石桥镇 云台乡 白鹭镇 青杨乡 双井镇 松岭乡 龙泉镇 梨花乡"
    " 大坪镇 枫林乡 长堤镇 月牙湾乡 古渡镇 向阳乡 银杏镇 小河口镇 望山乡 荷塘镇"
)
_Kind = tuple[str, tuple[str, ...]]

_KINDS: tuple[_Kind, ...] = (
    ("中心小学", ("20",)),
    ("初级中学", ("30",)),
    ("第二小学", ("20",)),
    ("九年一贯制学校", ("20", "30")),
)
"""Schools of a township, in the order in which a growing county gets them."""


def townships(count: int) -> list[Place]:
    """The first ``count`` (0-20) central schools, which keep a township's schools."""
    names = _TOWNSHIPS.split()
    if not 0 <= count <= len(names):
        raise ValueError(f"The county has {len(names)} townships, not {count}")
    return [
        Place(
            OrganisationKind.TOWNSHIP_ORG,
            f"999001{number + 10:02d}",
            f"{name}中心学校",
            parent=BUREAU.code,
        )
        for number, name in enumerate(names[:count])
    ]


def schools(count: int, centrals: list[Place]) -> list[Place]:
    """``count`` schools spread over the townships ``centrals``, areas by turns.

    The first school of each stage in an area is its base school. Raises ValueError
    when the townships are too few (four schools each at most).
    """
    if count > len(centrals) * len(_KINDS):
        raise ValueError(f"{len(centrals)} townships cannot hold {count} schools")
    places: list[Place] = []
    with_base: set[tuple[str, str]] = set()
    for central, area, (kind, stages) in islice(_sites(centrals), count):
        base = tuple(s for s in stages if (area, s) not in with_base)
        with_base.update((area, stage) for stage in base)
        places.append(
            Place(
                OrganisationKind.SCHOOL,
                f"{central.code}{len(places) + 1:02d}",
                central.name.removesuffix("中心学校") + kind,
                parent=central.code,
                stages=stages,
                area=area,
                base_stages=base,
            )
        )
    return places


def _sites(centrals: list[Place]) -> Iterator[tuple[Place, str, _Kind]]:
    """Where the next school stands: every township has one before one gets two."""
    for kind in _KINDS:
        for central, area in zip(centrals, cycle(AREAS), strict=False):
            yield central, area, kind
