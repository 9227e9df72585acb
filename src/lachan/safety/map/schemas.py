"""The map's open data as JSON."""

from datetime import date

from pydantic import BaseModel, Field

from lachan.safety.colours.domain import Colour


class PlaceOut(BaseModel):
    """A place that takes part, as everybody may see it."""

    id: int
    name: str
    kind: str
    address: str
    area: str = Field(description="Path of the ward")
    ward: str
    province: str
    lat: float
    lon: float
    colour: Colour
    score: int | None = Field(None, description="Of the last check; null where there is none")
    maximum: int | None = None


class PlacesOut(BaseModel):
    items: list[PlaceOut]
    next_cursor: str | None


class CountsOut(BaseModel):
    """How many places have each colour."""

    day: date
    green: int
    yellow: int
    red: int
    grey: int
    repair: int


class AreaOut(BaseModel):
    """A unit and how its places stand."""

    path: str
    name: str
    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0
    repair: int = 0


class AreasOut(BaseModel):
    day: date
    items: list[AreaOut]


class FoundOut(BaseModel):
    """A unit or a place that a search found; `zoom` is how close to look."""

    what: str = Field(description="area or place")
    id: str
    name: str
    within: str
    lat: float
    lon: float
    zoom: float


class SearchOut(BaseModel):
    items: list[FoundOut]
