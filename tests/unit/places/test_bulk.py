"""Lists of places: each line a place, or a reason with its line and column."""

from lachan.kit.spreadsheets import read
from lachan.places.bulk.domain import Terms, Ward, Wards, against_known, columns_of, read_lines
from lachan.places.reviews.domain import Names

WARDS = Wards(
    [
        Ward("VN.01.00004", ("Ba Đình", "Phường Ba Đình"), ("Hà Nội", "Thành phố Hà Nội", "01")),
        Ward("VN.01.00070", ("Hoàn Kiếm", "Phường Hoàn Kiếm"), ("Hà Nội", "01")),
        Ward("VN.79.26740", ("Sài Gòn", "Phường Sài Gòn"), ("Hồ Chí Minh",)),
        Ward("VN.22.00001", ("Hồng Hà", "Xã Hồng Hà"), ("Quảng Ninh",)),
        Ward("VN.15.00002", ("Hồng Hà", "Xã Hồng Hà"), ("Lào Cai",)),
    ]
)
TERMS = Terms(
    WARDS, {"cho": "market", "market": "market", "school": "school"}, {"thoang": "good"}, None
)
HEAD = "Tên,Loại,Phường xã,Tỉnh,Địa chỉ,Vĩ độ,Kinh độ,Thông gió,Thời gian ở lại,Phòng\n"


def test_wards_by_code_and_name() -> None:
    assert WARDS.find("4", "") == "VN.01.00004"
    assert WARDS.find("00004", "") == "VN.01.00004"
    assert WARDS.find("vn.01.00004", "") == "VN.01.00004"
    assert WARDS.find("ba dinh", "") == "VN.01.00004"
    assert WARDS.find("Phường Ba Đình, Hà Nội", "") == "VN.01.00004"
    assert WARDS.find("Hồng Hà", "") is None, "two wards have this name"
    assert WARDS.find("Hồng Hà", "Lào Cai") == "VN.15.00002"
    assert WARDS.find("Ba Đình", "Lào Cai") is None


def test_good_lines_and_reasons() -> None:
    sheet = read(
        (
            HEAD
            + 'Chợ A,Chợ,Ba Đình,,Số 1,"21,03",105.83,Thoáng,45,Khu 1;Khu 2\n'
            + "Chợ A,market,4,,,,,,,\n"
            + ",Lâu đài,Không có,,,105.83,21.03,Lạ,0,A;a\n"
            + "=1+1,school,Hoàn Kiếm,,,21.03,,,,\n"
            + "=1+1,school,Hoàn Kiếm,,,,,,,\n"
        ).encode()
    )
    checked = read_lines(sheet, TERMS)
    assert [(row.line, row.name, row.kind, row.area) for row in checked.rows] == [
        (2, "Chợ A", "market", "VN.01.00004"),
        (6, "=1+1", "school", "VN.01.00070"),
    ]
    assert checked.rows[0].lat == 21.03
    assert checked.rows[0].rooms == ("Khu 1", "Khu 2")
    assert checked.rows[0].usual_stay_minutes == 45
    assert [(one.line, one.column, one.reason) for one in checked.refused] == [
        (3, "A", "bulk-reason-twice"),
        (4, "A", "field-missing"),
        (4, "B", "places-field-no-kind"),
        (4, "C", "bulk-reason-ward"),
        (4, "F", "places-field-swapped"),
        (4, "H", "field-invalid"),
        (4, "I", "field-out-of-range"),
        (4, "J", "places-field-room-twice"),
        (5, "G", "field-missing"),
    ]


def test_an_officer_registers_in_the_own_areas() -> None:
    sheet = read((HEAD + "A,school,Ba Đình\nB,school,Sài Gòn\n").encode())
    checked = read_lines(sheet, Terms(WARDS, TERMS.kinds, {}, ("VN.79",)))
    assert [row.name for row in checked.rows] == ["B"]
    assert checked.refused[0].reason == "bulk-reason-outside"


def test_doubles_are_refused_and_near_names_are_marked() -> None:
    sheet = read((HEAD + "Chợ Hôm,Chợ,Ba Đình\nChợ Bến Thành,Chợ,Ba Đình\nKho,Chợ,4\n").encode())
    own = {"VN.01.00004": Names([(5, "CHO HOM")])}
    others = {"VN.01.00004": Names([(6, "Chợ Bến Thanh")])}
    result = against_known(read_lines(sheet, TERMS), columns_of(sheet), own, others)
    assert [(one.line, one.reason) for one in result.refused] == [(2, "bulk-reason-known")]
    assert [(row.name, row.review, row.similar_to) for row in result.rows] == [
        ("Chợ Bến Thành", "similar_name", 6),
        ("Kho", None, None),
    ]
