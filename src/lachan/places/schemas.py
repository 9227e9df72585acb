"""What programs send and get about places."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lachan.places.domain import ADDRESS_LENGTH, MOST_ROOMS, NAME_LENGTH, ROOM_NAME_LENGTH
from lachan.places.hours import DAYS
from lachan.places.kinds import LONGEST_STAY_MINUTES, Ventilation

Minutes = Annotated[int, Field(ge=1, le=LONGEST_STAY_MINUTES)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
AreaPath = Annotated[str, Field(max_length=20, examples=["VN.01.00004"])]
Latitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewRoom(_Sent):
    name: Annotated[str, Field(min_length=1, max_length=ROOM_NAME_LENGTH)]
    ventilation: Ventilation | None = None


class RegisterPlace(_Sent):
    """A place and its rooms. Its ward is `area`, or follows from the position."""

    name: Name
    kind: str = Field(max_length=40, examples=["school"])
    area: AreaPath | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    address: str = Field("", max_length=ADDRESS_LENGTH)
    ventilation: Ventilation | None = None
    usual_stay_minutes: Minutes | None = None
    rooms: list[NewRoom] = Field(default_factory=list, max_length=MOST_ROOMS)


class EditPlace(_Sent):
    """Only what is sent changes."""

    name: Name | None = None
    kind: str | None = Field(None, max_length=40)
    area: AreaPath | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    address: str | None = Field(None, max_length=ADDRESS_LENGTH)
    ventilation: Ventilation | None = None
    usual_stay_minutes: Minutes | None = None


Clock = Annotated[
    str,
    Field(
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$",
        description="Local time, 24:00 for midnight at the end of the day",
        examples=["07:30"],
    ),
]


class DayHours(_Sent):
    """Closing at or before opening means on the next day."""

    opens: Clock
    closes: Clock


class Running(_Sent):
    """When a place is open and what it asks at the door."""

    days: (
        Annotated[
            list[DayHours | None],
            Field(
                min_length=DAYS, max_length=DAYS, description="Monday to Sunday; null on a day off"
            ),
        ]
        | None
    ) = Field(None, description="None when no hours are set")
    proof: Literal["off", "optional", "required"] = Field(
        description="Whether a scan has to show the code that the display at the door shows"
    )


class RenewCode(_Sent):
    """Which code is replaced: a room's, or that of the place as a whole."""

    room_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class AreaNames(BaseModel):
    path: str
    name: str
    province: str


class PublicPlace(BaseModel):
    """What anybody who holds a code may know of the place."""

    code: str
    name: str
    kind: str
    area: AreaNames
    room: str | None
    ventilation: Ventilation
    usual_stay_minutes: int
    registered: bool = Field(
        description="False while the desk looks at a name that is near another's"
    )


class RegisteredRoom(BaseModel):
    id: int
    name: str
    code: str


class RegisteredPlace(BaseModel):
    id: int
    code: str
    rooms: list[RegisteredRoom]
    poster_url: str


class RoomDetails(BaseModel):
    id: int
    name: str
    ventilation: Ventilation
    code: str
    poster_url: str


class PlaceDetails(BaseModel):
    """A place as its owner sees it; `inside` is None while fewer than five people are there."""

    id: int
    code: str | None
    name: str
    kind: str
    area: AreaNames
    address: str
    lat: float | None
    lon: float | None
    ventilation: Ventilation
    usual_stay_minutes: int
    state: str
    created_at: AwareDatetime
    poster_url: str | None
    rooms: list[RoomDetails]
    inside: int | None


class MyPlaces(BaseModel):
    places: list[PlaceDetails]


class FreshCode(BaseModel):
    code: str
    poster_url: str
