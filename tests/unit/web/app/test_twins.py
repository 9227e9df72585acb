"""What the phone reckons without a network is what the server reckons."""

import base64
import random
from urllib.parse import quote

from lachan.identity.credentials.domain import phone_code
from lachan.kit.ids import ALPHABET, check_symbol, new_code, normalise_code, spoken_code
from lachan.places.poster import poster_url
from tests.unit.web.app.conftest import Run

# Letters that look like others, that change when made large, that are blank or hyphen and not ours.
_ODD = "OoIiLl-  0189AZUuÀßſıﬁ\u2011\u00a0\u0000🙂"


def typed(rng: random.Random) -> str:
    code = list(new_code())
    for _ in range(rng.randrange(3)):
        kind = rng.randrange(4)
        spot = rng.randrange(len(code))
        if kind == 0:
            code[spot] = rng.choice(ALPHABET)
        elif kind == 1:
            code.insert(spot, rng.choice(_ODD))
        elif kind == 2:
            code[spot] = code[spot].lower()
        else:
            code[spot], code[spot - 1] = code[spot - 1], code[spot]
    return "".join(code)


def test_a_code_is_right_on_the_phone_when_it_is_right_on_the_server(run_script: Run) -> None:
    rng = random.Random(20)
    texts = [typed(rng) for _ in range(3000)] + ["", "-" * 41, " " * 30, "0" * 10]
    assert run_script("app/codes.ts", "things.normaliseCode", [[text] for text in texts]) == [
        normalise_code(text) for text in texts
    ]
    good = [code for text in texts if (code := normalise_code(text))]
    assert len(good) > 1000
    assert len(good) < len(texts) - 500


def test_check_symbols_of_all_lengths(run_script: Run) -> None:
    rng = random.Random(21)
    bodies = ["".join(rng.choices(ALPHABET, k=rng.randrange(1, 31))) for _ in range(500)]
    assert run_script("app/codes.ts", "things.checkSymbol", [[body] for body in bodies]) == [
        check_symbol(body) for body in bodies
    ]
    codes = [new_code() for _ in range(5)]
    assert run_script("app/codes.ts", "things.spokenCode", [[code] for code in codes]) == [
        spoken_code(code) for code in codes
    ]


def test_only_the_code_is_taken_out_of_a_picture(run_script: Run) -> None:
    code = new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    read = {
        poster_url("https://lachan.example.vn", code): {"code": code},
        f"https://lachan.example.vn/p/{code.lower()}": {"code": code},
        f"http://elsewhere.example/p/{code}/": {"code": code},
        f"https://lachan.example.vn/p/{code}?d=7K3M9QX2": {"code": code, "proof": "7K3M9QX2"},
        f"HTTPS://LACHAN.EXAMPLE.VN/P/{code}?D=7K3M9QX2": {"code": code, "proof": "7K3M9QX2"},
        f" {spoken_code(code)} ": {"code": code},
        f"https://lachan.example.vn/p/{wrong}": None,
        f"https://lachan.example.vn/q/{code}": None,
        f"https://lachan.example.vn/p/{quote('%')}{code}": None,
        "https://lachan.example.vn/p/%E0%A4%A": None,
        f"javascript:/p/{code}": None,
        f"ftp://lachan.example.vn/p/{code}": None,
        "LC1:008J4CT4ANK7F24S0E9RDZR0002JSY63RRCVRD7TDK4G": None,
        "": None,
    }
    found = run_script("app/codes.ts", "things.postedIn", [[text] for text in read])
    assert dict(zip(read, found, strict=True)) == read


_SIGN = """
async (key, handle, seconds, mask) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const imported = await things.importKey(bytes(key));
  return things.codeAt({ key: imported, handle: bytes(handle), step: 30 }, seconds, mask);
}
"""


def test_the_phone_signs_its_code_as_the_protocol_says(run_script: Run) -> None:
    rng = random.Random(22)
    cases = [(bytes(range(32)), bytes.fromhex("00112233445566778899"), 59999999 * 30 + 29, 0b101)]
    cases += [
        (rng.randbytes(32), rng.randbytes(10), rng.randrange(2**32) * 30, rng.randrange(2**24))
        for _ in range(50)
    ]
    lists = [
        [base64.b64encode(key).decode(), base64.b64encode(handle).decode(), seconds, mask]
        for key, handle, seconds, mask in cases
    ]
    found = run_script("app/phone-code.ts", _SIGN, lists)
    assert found == [
        phone_code(key, handle, seconds // 30, mask) for key, handle, seconds, mask in cases
    ]
    assert found[0] == "LC1:008J4CT4ANK7F24S0E9RDZR0002JSY63RRCVRD7TDK4G"


def test_what_is_written_in_base_32_is_read_back(run_script: Run) -> None:
    rng = random.Random(23)
    lists = [[list(rng.randbytes(length))] for length in (*range(40), 500)]
    call = "(bytes) => [...things.unbase32(things.base32(Uint8Array.from(bytes)))]"
    assert run_script("app/phone-code.ts", call, lists) == [bytes_ for (bytes_,) in lists]
    assert run_script("app/phone-code.ts", "things.unbase32", [["AU"]]) == [None]


def test_a_bit_for_each_of_the_household(run_script: Run) -> None:
    bits = [[[]], [[0]], [[0, 2]], [[23]], [list(range(24))]]
    assert run_script("app/phone-code.ts", "things.maskOf", bits) == [0, 1, 5, 2**23, 2**24 - 1]


def test_an_event_ends_at_the_next_such_time_of_day(run_script: Run) -> None:
    told = {
        ("21:30", "2026-03-01T13:00:40Z"): "2026-03-01T14:30:00.000Z",
        ("20:00", "2026-03-01T13:00:40Z"): "2026-03-02T13:00:00.000Z",
        ("00:15", "2026-03-01T16:45:00Z"): "2026-03-01T17:15:00.000Z",
        ("", "2026-03-01T13:00:00Z"): None,
        ("x:y", "2026-03-01T13:00:00Z"): None,
    }
    call = "(time, now) => things.nextMoment(time, new Date(now), 'Asia/Ho_Chi_Minh')"
    found = run_script("app/scan/sheet.ts", call, [list(asked) for asked in told])
    assert dict(zip(told, found, strict=True)) == told
