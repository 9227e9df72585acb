"""Reads an OpenStreetMap extract (PBF) of any size: passes over the file instead of memory.

A facility is a node, a way or a relation with one of the tags of `kinds.toml`. The position of a
way or relation is the middle of the box around it; only the nodes needed for that are kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import osmium
from osmium import filter as only
from osmium.osm import NODE, RELATION, WAY, Location, Node, Relation, Way

from lachan.safety.importing.domain import Found
from lachan.safety.importing.errors import FacilityFileTooLarge, FacilityFileUnreadable
from lachan.safety.importing.tags import address_of_tags, keys, kind_of_tags, name_of_tags

SOURCE: Final = "osm"
MOST: Final = 300_000
_MOST_NODES: Final = 20_000_000
"""Nodes of ways that are kept: some 20 a facility, and hospitals have hundreds."""


@dataclass(slots=True)
class _Shape:
    """A way or relation on its way to a position."""

    ref: str
    tags: Mapping[str, str]
    ways: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)


def read_osm(file: Path, kinds: frozenset[str]) -> Iterator[Found]:
    """Facilities of `kinds`, those of other kinds left out; nodes first, then ways and relations.

    Raises `FacilityFileUnreadable`, `FacilityFileTooLarge`.
    """
    line = 0
    try:
        for line, (ref, tags, position) in enumerate(_facilities(file, kinds), start=1):
            if line > MOST:
                raise FacilityFileTooLarge(params={"most": MOST})
            yield _found(line, ref, tags, position)
    except (RuntimeError, ValueError, OSError):
        raise FacilityFileUnreadable from None


def _found(
    line: int, ref: str, tags: Mapping[str, str], position: tuple[float, float] | None
) -> Found:
    return Found(
        line,
        name_of_tags(tags),
        kind_of_tags(tags),
        ref,
        address_of_tags(tags),
        ward="",
        lat=position[0] if position else None,
        lon=position[1] if position else None,
        # Cut off at the edge of the extract.
        trouble="" if position else "position-invalid",
    )


def _facilities(
    file: Path, kinds: frozenset[str]
) -> Iterator[tuple[str, Mapping[str, str], tuple[float, float] | None]]:
    tagged = only.KeyFilter(*sorted(keys()))
    for node in osmium.FileProcessor(str(file), NODE).with_filter(tagged):
        tags = _tags(node)
        if isinstance(node, Node) and kind_of_tags(tags) in kinds:
            yield f"n{node.id}", tags, _position(node.location)
    shapes = _shapes(file, kinds)
    wanted = {way for shape in shapes for way in shape.ways}
    if wanted:
        nodes = {
            way.id: [node.ref for node in way.nodes]
            for way in osmium.FileProcessor(str(file), WAY).with_filter(only.IdFilter(wanted))
            if isinstance(way, Way)
        }
        for shape in shapes:
            shape.nodes += [node for way in shape.ways for node in nodes.get(way, ())]
    places = _places(file, {node for shape in shapes for node in shape.nodes})
    for shape in shapes:
        yield shape.ref, shape.tags, _middle([places[one] for one in shape.nodes if one in places])


def _shapes(file: Path, kinds: frozenset[str]) -> list[_Shape]:
    shapes: list[_Shape] = []
    nodes = 0
    # A filter is used up by the pass it was made for.
    tagged = only.KeyFilter(*sorted(keys()))
    for thing in osmium.FileProcessor(str(file), WAY | RELATION).with_filter(tagged):
        tags = _tags(thing)
        if kind_of_tags(tags) not in kinds:
            continue
        if isinstance(thing, Way):
            shapes.append(_Shape(f"w{thing.id}", tags, nodes=[node.ref for node in thing.nodes]))
            nodes += len(shapes[-1].nodes)
        elif isinstance(thing, Relation):
            members = [one.ref for one in thing.members if one.type == "w" and one.role != "inner"]
            shapes.append(_Shape(f"r{thing.id}", tags, ways=members))
        if len(shapes) > MOST or nodes > _MOST_NODES:
            raise FacilityFileTooLarge(params={"most": MOST})
    return shapes


def _places(file: Path, wanted: set[int]) -> dict[int, tuple[float, float]]:
    if not wanted:
        return {}
    found = {}
    for node in osmium.FileProcessor(str(file), NODE).with_filter(only.IdFilter(wanted)):
        position = _position(node.location) if isinstance(node, Node) else None
        if position is not None:
            found[node.id] = position
    return found


def _tags(thing: Any) -> dict[str, str]:  # noqa: ANN401 - any object of osmium
    return {tag.k: tag.v for tag in thing.tags}


def _position(location: Location) -> tuple[float, float] | None:
    return (location.lat, location.lon) if location.valid() else None


def _middle(points: list[tuple[float, float]]) -> tuple[float, float] | None:
    if not points:
        return None
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    return round((min(lats) + max(lats)) / 2, 7), round((min(lons) + max(lons)) / 2, 7)
