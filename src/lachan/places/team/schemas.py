"""What programs send and get about the staff of a place."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Role = Literal["owner", "staff"]


class InviteStaff(BaseModel):
    """`label` is what you call them; nobody else sees it but those who run the place."""

    model_config = ConfigDict(extra="forbid")

    role: Role = "staff"
    label: Annotated[str, Field(max_length=400, examples=["Ca sáng"])] = ""


class StaffInvited(BaseModel):
    """The code is shown this once; it works once."""

    code: str
    join_url: str
    expires_at: AwareDatetime


class StaffMember(BaseModel):
    """One who runs the place, by the label given; who that is, nobody learns here."""

    id: int
    role: Role
    label: str
    created_at: AwareDatetime
    is_me: bool


class StaffInvitation(BaseModel):
    id: int
    role: Role
    label: str
    expires_at: AwareDatetime


class Staff(BaseModel):
    """Staff see themselves only, owners everybody."""

    staff: list[StaffMember]
    invitations: list[StaffInvitation]
