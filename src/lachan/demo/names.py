"""Names for people and places that do not exist, put together from common parts."""

from random import Random
from typing import Final

# Common in every province; any full name here is chance.
FAMILY: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
_FAMILY_WEIGHTS: Final = (38, 11, 9, 7, 5, 5, 3, 3, 3, 2, 2, 2, 1)
MIDDLE: Final = (
    "Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Thanh", "Hữu", "Bảo", "Gia", "Khánh",
)  # fmt: skip
GIVEN: Final = (
    "An", "Anh", "Bình", "Châu", "Chi", "Dũng", "Dương", "Giang", "Hà", "Hải", "Hạnh", "Hiền",
    "Hiếu", "Hoa", "Hòa", "Huy", "Hương", "Khôi", "Lan", "Linh", "Long", "Mai", "Nam", "Nga",
    "Ngân", "Nhung", "Phong", "Phúc", "Phương", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thủy",
    "Trang", "Trung", "Tú", "Tuấn", "Việt", "Vy", "Yến",
)  # fmt: skip

# Templates of names by kind; {ward} and {n} make each one's own, and none that exists is meant.
_PLACES: Final = {
    "school": (
        "Trường Tiểu học {ward} số {n}", "Trường THCS {ward} số {n}",
        "Trường Mầm non {ward} số {n}",
    ),
    "university": ("Trường Đại học Thực hành {ward} {n}", "Trường Cao đẳng Kỹ nghệ {ward} {n}"),
    "dormitory": ("Ký túc xá sinh viên {ward} {n}",),
    "medical": ("Trạm Y tế {ward} {n}", "Phòng khám Đa khoa {ward} {n}", "Bệnh viện {ward} {n}"),
    "hotel": ("Khách sạn Lá Xanh {ward} {n}", "Nhà nghỉ {ward} {n}"),
    "quarantine_hotel": ("Khách sạn cách ly {ward} {n}",),
    "transport": ("Xe buýt mẫu tuyến {n}, {ward}",),
    "station": ("Bến xe {ward} {n}", "Ga {ward} {n}"),
    "workplace": ("Công ty mẫu {ward} {n}", "Xưởng may {ward} {n}", "Văn phòng {ward} {n}"),
    "market": ("Chợ {ward} {n}", "Siêu thị {ward} {n}"),
    "food": (
        "Quán phở {ward} {n}", "Cơm bình dân {ward} {n}", "Quán cà phê {ward} {n}",
        "Bún chả {ward} {n}",
    ),
    "worship": ("Chùa {ward} {n}", "Nhà thờ {ward} {n}", "Đình {ward} {n}"),
    "office": ("Bộ phận một cửa {ward} {n}", "Bưu điện {ward} {n}"),
    "event": ("Nhà văn hóa {ward} {n}", "Trung tâm tiệc cưới {ward} {n}"),
}  # fmt: skip


def person_name(random: Random, family: str | None = None) -> str:
    """A full name, of `family` where one is given."""
    chosen = family or random.choices(FAMILY, _FAMILY_WEIGHTS)[0]
    return f"{chosen} {random.choice(MIDDLE)} {random.choice(GIVEN)}"


def family_name(random: Random) -> str:
    """A family name, as often as it is met."""
    return random.choices(FAMILY, _FAMILY_WEIGHTS)[0]


def place_name(random: Random, kind: str, ward: str, number: int) -> str:
    """The name of a place of `kind` in `ward`."""
    return random.choice(_PLACES[kind]).format(ward=ward, n=number)


def room_names(kind: str, place: str, count: int) -> list[str]:
    """What the rooms of a place are called."""
    if kind == "school":
        if "Mầm non" in place:
            return [f"Lớp mẫu giáo {number}" for number in range(1, count + 1)]
        first = 6 if "THCS" in place else 1
        return [f"Lớp {first + number // 2}{'AB'[number % 2]}" for number in range(count)]
    if kind == "medical":
        wings = ("Khoa Khám bệnh", "Khoa Nội", "Khoa Ngoại", "Khoa Nhi", "Khoa Sản", "Cấp cứu")
        return list(wings[:count])
    return [f"Giảng đường {number}" for number in range(1, count + 1)]
