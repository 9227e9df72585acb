"""What officers, admins and auditors send and get as JSON."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lachan.identity.schemas import AreaPath, In, Name

Role = Literal["admin", "tracer", "border_officer", "safety_inspector", "reporter", "auditor"]
LOGIN_PATTERN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{2,39}", re.ASCII)
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=f"^{LOGIN_PATTERN.pattern}$"),
]


class OfficerSessionIn(In):
    """Login, password and the code of the authenticator app."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    totp: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)] = ""


class OfficerSessionOut(BaseModel):
    token: str
    expires_at: datetime


class RoleIn(In):
    """A role in an area and everything below it."""

    role: Role
    area: AreaPath


class RoleOut(BaseModel):
    role: str
    area: str


class OfficerIn(In):
    login: Login
    display_name: Name
    role: Role
    area: AreaPath


class OfficerOut(BaseModel):
    id: int
    login: str
    display_name: str
    roles: list[RoleOut]
    password_temporary: bool
    disabled_at: datetime | None
    created_at: datetime


class OfficersOut(BaseModel):
    officers: list[OfficerOut]
    next_cursor: str | None


class TemporaryPasswordOut(BaseModel):
    """Shown once: it is stored only as a hash."""

    id: int
    temporary_password: str


class AuditEntryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor: str | None
    action: str
    subject_person: int | None
    area: str | None
    object: str | None
    reason: str | None
    details: dict[str, Any] = Field(default_factory=dict)


class AuditOut(BaseModel):
    entries: list[AuditEntryOut]
    next_cursor: str | None
