"""Shapes of answers about administrative units."""

from pydantic import BaseModel, ConfigDict, Field

from lachan.areas.domain import Area, FormerArea, Hit, Located


class AreaOut(BaseModel):
    """An administrative unit of the edition in force since 1 July 2025."""

    model_config = ConfigDict(from_attributes=True)

    path: str = Field(
        description="The unit and what it lies in, by official codes", examples=["VN.01.00004"]
    )
    level: int = Field(description="0 country, 1 province, 2 ward, commune or special zone")
    code: str = Field(description="Official code", examples=["00004"])
    name: str = Field(examples=["Ba Đình"])
    full_name: str = Field(description="Name with its kind", examples=["Phường Ba Đình"])
    name_en: str = Field(examples=["Ba Dinh Ward"])
    parent: str | None = Field(description="Path of the unit it lies in")
    parent_name: str | None
    parent_name_en: str | None
    lat: float = Field(description="Degrees, WGS 84")
    lon: float = Field(description="Degrees, WGS 84")
    area_km2: float = Field(description="0 where the source does not say")


class FormerAreaOut(BaseModel):
    """A unit of the edition before July 2025."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    level: int = Field(description="1 province, 2 district, 3 commune")
    full_name: str
    within: str | None = Field(description="What it lay in, the nearest first")


class HitOut(BaseModel):
    """A unit found by name."""

    area: AreaOut
    formerly: FormerAreaOut | None = Field(
        description="The former unit whose name was found, where that is why this one is listed"
    )


class SearchOut(BaseModel):
    items: list[HitOut]


class AreaListOut(BaseModel):
    items: list[AreaOut]


class AreaDetailOut(BaseModel):
    area: AreaOut
    made_of: list[FormerAreaOut] = Field(
        description="Former units that went into it, whole or in part"
    )


class LocatedOut(BaseModel):
    area: AreaOut
    approximate: bool = Field(
        description="True where no official outline is there and the nearest centre decided"
    )


def area_out(area: Area) -> AreaOut:
    """The answer about one unit."""
    return AreaOut.model_validate(area)


def former_out(former: FormerArea) -> FormerAreaOut:
    """The answer about one former unit."""
    return FormerAreaOut.model_validate(former)


def hit_out(hit: Hit) -> HitOut:
    """The answer about one unit found."""
    formerly = former_out(hit.formerly) if hit.formerly is not None else None
    return HitOut(area=area_out(hit.area), formerly=formerly)


def located_out(located: Located) -> LocatedOut:
    """The answer about the ward at a position."""
    return LocatedOut(area=area_out(located.area), approximate=located.approximate)
