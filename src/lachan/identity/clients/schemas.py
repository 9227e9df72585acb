"""What admins send and get about client programs."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class ClientIn(BaseModel):
    """A program that is to sign people in."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60, examples=["bluezone"])]
    label: Annotated[str, Field(min_length=1, max_length=300, examples=["Ứng dụng Bluezone"])]


class ClientMade(BaseModel):
    """`key` is shown this once; the program sends it as `X-Lachan-Client` when it signs in."""

    id: int
    name: str
    key: str


class ClientOut(BaseModel):
    id: int
    name: str
    label: str
    created_at: AwareDatetime
    created_by: str | None
    revoked_at: AwareDatetime | None


class ClientList(BaseModel):
    clients: list[ClientOut]
