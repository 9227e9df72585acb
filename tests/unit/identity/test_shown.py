"""What a scanned text is: every kind read, everything else refused, nothing ever crashing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lachan.identity.credentials import domain
from lachan.identity.credentials.domain import (
    Card,
    CardMistyped,
    Document,
    PhoneCode,
    TypedPhone,
    Unreadable,
    read_shown,
)
from lachan.kit.ids import ALPHABET, normalise_code

KEY = bytes(range(32))
handles = st.binary(min_size=10, max_size=10)
steps = st.integers(0, 2**32 - 1)
masks = st.integers(0, 2**24 - 1)
days = st.dates(date(1900, 1, 1), date(2026, 12, 31))
names = st.sampled_from(["Lê Thị Thử", "NGUYỄN VĂN MẪU", "Đặng Ngọc Ví Dụ", "Y Bhăm"])  # fmt: skip
texts = st.text(st.characters(exclude_characters="|"), max_size=40)


def read(text: str) -> PhoneCode:
    shown = read_shown(text)
    assert isinstance(shown, PhoneCode)
    return shown


def test_the_example_of_the_documentation() -> None:
    code = domain.phone_code(KEY, bytes.fromhex("00112233445566778899"), 59_999_999, 0b101)
    assert code == "LC1:008J4CT4ANK7F24S0E9RDZR0002JSY63RRCVRD7TDK4G"


@given(handles, steps, masks, st.binary(min_size=32, max_size=32))
def test_a_phone_code_is_read_back_and_signed_by_its_own_key_only(
    handle: bytes, step: int, mask: int, key: bytes
) -> None:
    code = read(domain.phone_code(key, handle, step, mask))
    assert (code.handle, code.step, code.mask) == (handle, step, mask)
    assert domain.is_signed(code, key)
    assert not domain.is_signed(code, bytes(32) if key != bytes(32) else KEY)


@given(handles, steps, masks, st.integers(4, 47), st.sampled_from(ALPHABET))
def test_no_symbol_of_a_phone_code_can_be_changed(
    handle: bytes, step: int, mask: int, place: int, symbol: str
) -> None:
    text = domain.phone_code(KEY, handle, step, mask)
    assume(text[place] != symbol)
    try:
        code = read(text[:place] + symbol + text[place + 1 :])
    except Unreadable:
        return
    assert not domain.is_signed(code, KEY)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), st.integers(-200, 200))  # noqa: DTZ001
def test_a_phone_code_lives_for_a_minute_at_most(made: datetime, seconds: int) -> None:
    shown = made.replace(tzinfo=UTC)
    code = read(domain.phone_code(KEY, bytes(10), domain.step_of(shown)))
    current = domain.is_current(code, shown + timedelta(seconds=seconds))
    if seconds >= 60:
        assert not current
    if 0 <= seconds <= 30:
        assert current
    if seconds < -60:
        assert not current


@given(masks, st.lists(st.one_of(st.none(), st.integers(1, 99)), max_size=30))
def test_who_comes_along_is_in_the_household(mask: int, members: list[int | None]) -> None:
    along = domain.members_along(mask, members)
    assert set(along) <= {member for member in members if member is not None}
    assert len(along) <= min(mask.bit_count(), len(members))


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["", "LCC:", "lcc:", "\ufeffLCC:"]))
def test_a_card_is_read_however_it_is_typed(bits: bytes, head: str) -> None:
    number = domain.card_number(bits)
    assert normalise_code(number, domain.CARD_LENGTH) == number
    for typed in (number, number.lower(), domain.spoken_card(number), number + "\r\n"):
        assert read_shown(head + typed) == Card(number)


@given(st.binary(min_size=7, max_size=7), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_slip_in_a_card_is_found(bits: bytes, place: int, symbol: str) -> None:
    number = domain.card_number(bits)
    assume(number[place] != symbol)
    with pytest.raises(CardMistyped):
        read_shown("LCC:" + number[:place] + symbol + number[place + 1 :])
    if place and number[place] != number[place - 1]:
        turned = number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
        with pytest.raises(CardMistyped):
            read_shown(turned)


@st.composite
def citizens(draw: st.DrawFn) -> tuple[str, str, date]:
    born, name = draw(days), draw(names)
    century = (born.year - 1900) // 100 * 2 + draw(st.integers(0, 1))
    tail = draw(st.integers(0, 999_999))
    return f"001{century}{born.year % 100:02}{tail:06}", name, born


@given(
    citizens(),
    st.sampled_from(["123456789|", "|", "", "001090123456|"]),
    st.sampled_from(["%d%m%Y", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%d"]),
    st.sampled_from(["Nam", "Nữ", "NU"]),
    st.lists(texts, max_size=4),
)
def test_national_cards_of_every_printing_are_the_same_person(
    citizen: tuple[str, str, date], old: str, style: str, sex: str, more: list[str]
) -> None:
    number, name, born = citizen
    # "%Y%m%d" and "%d%m%Y" cannot always be told apart; cards use the latter.
    assume(style != "%Y%m%d" or not 1880 <= int(born.strftime("%Y%m%d")[4:]) <= 2100)
    line = f"{number}|{old}{name}|{born.strftime(style)}|{sex}|Ba Đình, Hà Nội|01012022"
    shown = read_shown("|".join([line, *more]))
    assert isinstance(shown, Document)
    assert (shown.kind, shown.number, shown.name) == ("national_id", number, name)
    assert (shown.born, shown.birth_year) == (born.isoformat(), born.year)
    assert shown.address == "Ba Đình, Hà Nội"
    personal = read_shown(f"{number}|{name}|{born.strftime('%d/%m/%Y')}|1|7A6B5C|")
    assert isinstance(personal, Document)
    assert personal.kind == "decision_1405"
    assert (personal.number, personal.born) == (shown.number, shown.born)
    assert number not in repr(shown)
    assert name not in repr(shown)


@pytest.mark.parametrize(
    ("words", "sex", "name"),
    [
        ("NGUY?N V?N M?U", "N?", "NGUY?N V?N M?U"),
        ("Nguy\ufffdn V\ufffdn M\ufffdu", "N\ufffd", "Nguy?n V?n M?u"),
        ("Nguyễn Văn Mẫu".encode().decode("latin-1"), "Ná»¯", "Nguyễn Văn Mẫu"),
        ("Nguyá»…n VÄƒn Máº«u", "Nam", "Nguyễn Văn Mẫu"),
        ("L? ??? ????", "N", ""),
        ("???", "N?", ""),
        ("", "Nam", ""),
        ("Nguyen Van Mau", "Nu", "Nguyen Van Mau"),
    ],
)
def test_words_that_a_reader_spoilt_are_cleaned_or_left_out(
    words: str, sex: str, name: str
) -> None:
    shown = read_shown(f"001199012345||{words}|01021999|{sex}|H? N?i|01012022")
    assert isinstance(shown, Document)
    assert (shown.kind, shown.number, shown.born) == ("national_id", "001199012345", "1999-02-01")
    assert (shown.name, shown.address) == (name, "H? N?i")
    personal = read_shown(f"001199012345|{words}|01/02/1999|1|7A6B|")
    assert isinstance(personal, Document)
    assert (personal.kind, personal.name) == ("decision_1405", name)


def test_a_passport_has_no_number_that_proves_it_so_its_name_must_be_one() -> None:
    with pytest.raises(Unreadable):
        read_shown("B1234567|???|01021985|2|7A6B|")


@given(citizens(), st.integers(3, 5), st.integers(1, 9))
def test_a_digit_of_the_year_lost_on_the_way_is_found(
    citizen: tuple[str, str, date], place: int, more: int
) -> None:
    number, name, born = citizen
    digit = str((int(number[place]) + more) % 10)
    garbled = number[:place] + digit + number[place + 1 :]
    assume(not domain.fits_number(garbled, born.isoformat()))  # the other sex of the same century
    for line in (
        f"{garbled}||{name}|{born:%d%m%Y}|Nam|Hà Nội|01012022",
        f"{garbled}|{name}|{born:%d%m%Y}|1|7A6B|",
    ):
        with pytest.raises(Unreadable):
            read_shown(line)


@pytest.mark.parametrize(
    ("line", "number", "born"),
    [
        ("B1234567|Trần Thử|01021985|2|7A6B|", "B1234567", "1985-02-01"),
        ("DN4-0123-456789|Trần Thử|1985|3||", "DN40123456789", "1985"),
        ("001050000001|Cụ Thử|00001950|1|9Z|EXT", "001050000001", "1950"),
    ],
)
def test_personal_codes_of_other_papers(line: str, number: str, born: str) -> None:
    shown = read_shown(line)
    assert isinstance(shown, Document)
    assert (shown.kind, shown.number, shown.born) == ("decision_1405", number, born)


def test_a_card_that_knows_only_the_year() -> None:
    shown = read_shown("001150000001||Cụ Thử|1950|Nữ|Hà Nội|01012022")
    assert isinstance(shown, Document)
    assert (shown.born, shown.birth_year) == ("1950", 1950)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("9/3/1950", "1950-03-09"),
        (" 09.03.1950 ", "1950-03-09"),
        ("1950-3-9", "1950-03-09"),
        ("1950", "1950"),
        ("0/0/1950", "1950"),
        ("31/2/1950", None),
        ("9/3/50", None),
        ("٠٩٠٣١٩٥٠", None),
        ("9/3/1950/1", None),
        ("", None),
    ],
)
def test_a_day_of_birth_as_people_write_it(typed: str, born: str | None) -> None:
    assert domain.read_birth(typed) == born


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("PHONE:0912345678:123456", "+84912345678"),
        ("phone:+84912345678:123456", "+84912345678"),
        ("PHONE:0912 345 678: 123456 ", "+84912345678"),
    ],
)
def test_a_typed_phone(typed: str, phone: str) -> None:
    assert read_shown(typed) == TypedPhone(phone, "123456")
    assert "9123" not in repr(read_shown(typed))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LC1:",
        "LCC:",
        "PHONE:",
        "PHONE:0912345678",
        "PHONE:0912345678:12345",
        "PHONE:12:123456",
        "https://lachan.example/p/ABCDEFGHJK",
        "0912345678",
        "|" * 8,
        "001190012345||12345|09031990|Nữ|Hà Nội|01012021",
        "001190012345||Lê Thị Thử|31021990|Nữ|Hà Nội|01012021",
        "LC1:" + "0" * 43,
        "LC1:" + "0" * 43 + "1",
        "A" * 2000,
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_shown(text)


@given(
    st.one_of(
        st.text(max_size=200),
        st.text(max_size=60).map("LC1:{}".format),
        st.text(max_size=60).map("LCC:{}".format),
        st.text(max_size=60).map("PHONE:{}".format),
        st.lists(st.one_of(texts, st.from_regex(r"[0-9]{8,12}", fullmatch=True)), max_size=12).map(
            "|".join
        ),
    )
)
def test_no_text_at_all_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        shown = read_shown(text)
    except Unreadable:
        return
    assert isinstance(shown, PhoneCode | Card | Document | TypedPhone)
