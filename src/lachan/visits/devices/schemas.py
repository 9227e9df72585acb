"""What devices send and get. No answer to a device holds a name."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lachan.places.devices import Kind
from lachan.visits.devices.domain import LONGEST_SHOWN, MOST_SCANS
from lachan.visits.domain import Direction, Outcome

Phone = Annotated[str, Field(min_length=3, max_length=32, examples=["0912 345 678"])]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RegisteredDevice(BaseModel):
    """`key` is shown this once; the device sends it as `Authorization: Bearer <key>`."""

    id: int
    key: str


class DevicePlace(BaseModel):
    id: int
    code: str | None
    name: str
    kind: str


class ThisDevice(BaseModel):
    """What a device needs to know; `now` is our clock, by which it may set its own."""

    id: int
    kind: Kind
    label: str
    place: DevicePlace
    room: str | None
    now: datetime
    usual_stay_minutes: int


class DeviceScanIn(_Sent):
    """One scan. `shown` is the text of what was scanned or typed, as it is."""

    scan_id: UUID = Field(description="Made by the device; sending it again changes nothing")
    shown: Annotated[str, Field(min_length=1, max_length=LONGEST_SHOWN)]
    direction: Direction = Direction.AUTO
    at: AwareDatetime | None = Field(
        None, description="When, by the device's clock; default: on arrival of the request"
    )


class DeviceScans(_Sent):
    """Scans in the order in which they were made, after an hour offline as well as one by one."""

    sent_at: AwareDatetime = Field(description="What the device's clock showed as this was sent")
    scans: Annotated[list[DeviceScanIn], Field(min_length=1, max_length=MOST_SCANS)]


class DeviceBatch(_Sent):
    """The same, as it is read: each scan by itself, so that a bad one fails alone."""

    sent_at: AwareDatetime
    scans: Annotated[list[Any], Field(min_length=1, max_length=MOST_SCANS)]


class DeviceScanOut(BaseModel):
    """What became of one scan.

    `accepted`: durable; `outcome` says what it led to and `people` for how many it counts.
    `waiting`: kept for somebody to decide. `refused`: not kept; `code` and `detail` say why, and
    sending the same again will not help.
    """

    scan_id: UUID | None
    status: Literal["accepted", "refused", "waiting"]
    outcome: Outcome | None = None
    people: int | None = None
    code: str | None = None
    detail: str | None = None


class DeviceScansOut(BaseModel):
    results: list[DeviceScanOut]


class DeviceCodeIn(_Sent):
    """The number of somebody who has nothing to show: a code is texted, to be typed here."""

    phone: Phone
