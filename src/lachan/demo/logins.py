"""Who can sign in to the demo: an officer of every role, and residents by phone.

These are known to everybody who can read this file: the demo is refused in production.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

import pyotp

PASSWORD: Final = "thu-nghiem-2026-la-chan"  # noqa: S105 - the demo's, and printed at every start
RESIDENT_PHONE: Final = "+84990000001"
OWNER_PHONE: Final = "+84990000002"
FIRST_PHONE: Final = 84990000100
"""The block 0990 000 000 to 0990 009 999 has the shape of mobile numbers, and no network has it."""


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    login: str
    name: str
    role: str
    area: str
    also: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        return (self.role, *self.also)


OFFICERS: Final = (
    DemoOfficer("admin.hanoi", "Quản trị Hà Nội", "admin", "VN.01"),
    DemoOfficer("tracer.hanoi", "Cán bộ truy vết Hà Nội", "tracer", "VN.01"),
    DemoOfficer("tracer2.hanoi", "Cán bộ truy vết Hà Nội 2", "tracer", "VN.01"),
    DemoOfficer("border.hanoi", "Kiểm dịch viên cửa khẩu", "border_officer", "VN.01"),
    DemoOfficer("safety.hanoi", "Cán bộ kiểm tra an toàn", "safety_inspector", "VN.01"),
    DemoOfficer("reporter.hanoi", "Cán bộ báo cáo Hà Nội", "reporter", "VN.01"),
    DemoOfficer("drill.hanoi", "Cán bộ diễn tập Hà Nội", "admin", "VN.01", also=("tracer",)),
    DemoOfficer("auditor.hanoi", "Kiểm tra viên dữ liệu", "auditor", "VN.01"),
)


def totp_secret(login: str) -> str:
    """The fixed authenticator secret of a demo officer: base 32, 160 bits."""
    return base64.b32encode(hashlib.sha256(f"lachan demo {login}".encode()).digest()[:20]).decode()


def totp_now(login: str) -> str:
    """The six digits that are right at this moment."""
    return str(pyotp.TOTP(totp_secret(login)).now())


def national(phone: str) -> str:
    """An E.164 number of the demo as people write it."""
    digits = "0" + phone.removeprefix("+84")
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def login_lines() -> list[str]:
    """What is printed at every start."""
    return [
        f"Demo officers sign in at /desk/login with the password {PASSWORD}",
        *(
            f"  {officer.login:<16} {' + '.join(officer.roles):<17} authenticator "
            f"{totp_secret(officer.login)}"
            for officer in OFFICERS
        ),
        "  `lachan demo codes` shows the authenticator codes of this moment.",
        "Demo residents sign in at /login; the one-time code is at /dev/outbox",
        f"  {national(RESIDENT_PHONE)}    has a diary and a warning",
        f"  {national(OWNER_PHONE)}    runs a place",
    ]
