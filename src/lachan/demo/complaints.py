"""What the public of the demo says is not right, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.criteria.domain import CriteriaSet

_WEIGHTS: Final = {"none": 1, "phone": 2, "visit": 3}
_SAID: Final = (
    "Sáng nay cổng vào không có ai đo nhiệt độ, học sinh chen nhau đi qua.",
    "Bình sát khuẩn ở cửa đã hết từ hôm kia.",
    "Nhân viên ở quầy không đeo khẩu trang.",
    "Phòng chờ đóng kín cửa sổ, rất đông người.",
    "Nhà vệ sinh không có xà phòng rửa tay.",
    "Khu ăn trưa kê bàn sát nhau, không có vách ngăn.",
    "Không thấy phòng cách ly tạm thời như trong bảng cam kết.",
    "Thùng rác đầy, không có nắp đậy.",
)
_ANSWERED: Final = (
    "Cảm ơn bạn. Chúng tôi đã bổ sung và kiểm tra lại ngay trong buổi sáng.",
    "Chúng tôi đã nhắc nhân viên và phân công người trực ở cửa.",
)
# State, how many hours ago it was said, how many of them.
_PLAN: Final = (
    ("open", 5, 5), ("open", 60, 1), ("answered", 30, 5), ("reopened", 40, 1),
    ("dismissed", 90, 2), ("closed", 120, 5),
)  # fmt: skip
_ANSWER_HOURS: Final = 48


class Complained(Protocol):
    """A place of the demo, as far as somebody may complain of it."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def held(self) -> str | None: ...


_INSERT: Final = text(
    """
    INSERT INTO feedback (handle_hash, place_id, item_code, body, proof, weight, person_id, state,
      created_at, due_at, answer, answered_at, reopened_at, decided_by, decided_at)
    VALUES (:handle, :place, :item, :body, :proof, :weight, :person, :state, :at, :due, :answer,
      :answered, :reopened, :officer, :decided)
    """
)


async def complaints(
    connection: AsyncConnection,
    places: Sequence[Complained],
    sets: Mapping[str, CriteriaSet],
    officer: int,
    moment: datetime,
    seed: int,
) -> None:
    """Two confirmed reports at each place that they hold at yellow, and others in every state."""
    random = Random(seed + 22)
    people = (await connection.scalars(text("SELECT id FROM person ORDER BY id LIMIT 400"))).all()
    others = [
        place for place in places if place.held is None and place.kind in {"school", "medical"}
    ]
    planned = [
        *(("confirmed", 26, place) for place in places if place.held == "yellow" for _ in range(2)),
        *(
            (state, hours, random.choice(others))
            for state, hours, count in _PLAN
            for _ in range(count)
            if others
        ),
    ]
    rows = []
    for state, hours, place in planned:
        at = moment - timedelta(hours=hours, minutes=random.randint(0, 200))
        proof = random.choice(("phone", "visit")) if state == "confirmed" else random.choice(
            tuple(_WEIGHTS)
        )  # fmt: skip
        answered = state in {"answered", "reopened", "closed", "dismissed"}
        decided = state in {"confirmed", "dismissed", "closed"}
        rows.append(
            {
                "handle": random.randbytes(32),
                "place": place.id,
                "item": random.choice(sets[place.kind].items).code,
                "body": random.choice(_SAID),
                "proof": proof,
                "weight": _WEIGHTS[proof],
                "person": random.choice(people) if proof != "none" else None,
                "state": state,
                "at": at,
                "due": at + timedelta(hours=_ANSWER_HOURS),
                "answer": random.choice(_ANSWERED) if answered else None,
                "answered": at + timedelta(hours=3) if answered else None,
                "reopened": at + timedelta(hours=20) if state == "reopened" else None,
                "officer": officer if decided else None,
                "decided": at + timedelta(hours=22) if decided else None,
            }
        )
    await connection.execute(_INSERT, rows)
