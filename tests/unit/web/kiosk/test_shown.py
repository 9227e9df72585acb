"""What a tablet takes without a network is what the server takes afterwards."""

import random
from datetime import UTC, datetime, timedelta

from lachan.identity.credentials import domain
from lachan.identity.credentials.domain import CardMistyped, Document, PhoneCode, Unreadable
from lachan.kit.ids import ALPHABET, new_code
from tests.unit.web.app.conftest import Run

NOW = datetime(2026, 11, 23, 3, 0, 10, tzinfo=UTC)
KEY = bytes(range(32))
NAMES = ["Lê Thị Thử", "NGUYỄN VĂN MẪU", "Y Bhăm", "X", "Nguy?n V?n M?u", "Nguyá»…n VÄƒn", "???"]
NAMES += ["12345", "L3 Thu", ""]
SEXES = ["Nam", "Nữ", "NỮ", "Khác", "N?", "N\ufffd", "Ná»¯", "1"]
JUDGE = "(text, now) => things.judge(text, now ?? undefined)"


def national(rng: random.Random) -> str:
    year = rng.randrange(1900, 2026)
    century = 2 * ((year - 1900) // 100) + rng.randrange(2)
    number = f"{rng.randrange(1000):03}{century}{year % 100:02}{rng.randrange(10**6):06}"
    born = f"{rng.randrange(1, 29):02}{rng.randrange(1, 13):02}{year}"
    parts = [number, rng.choice(["", "012345678", "123456789012"]), rng.choice(NAMES), born]
    parts += [rng.choice(SEXES), "Số 1, Phường Thử", "01012021"]
    parts += ["", "x", "", ""][: rng.randrange(5)]
    if rng.random() < 0.2:
        del parts[1]
    return "|".join(parts)


def personal(rng: random.Random) -> str:
    number = rng.choice(["B1234567", "0912345678", "001299012345", "DN 4-0101.234"])
    born = rng.choice(["01/02/1999", "1999", "19990230", "00001999", "31021999", "2012-05-06"])
    return "|".join([number, rng.choice(NAMES), born, "1", "QID", "EXT"][: rng.randrange(2, 7)])


def card(rng: random.Random) -> str:
    number = new_code(domain.CARD_LENGTH)
    return rng.choice(["LCC:", "lcc:", ""]) + rng.choice([number, domain.spoken_card(number)])


def phone_code(rng: random.Random) -> str:
    step = domain.step_of(NOW) + rng.randrange(-4, 5)
    return domain.phone_code(KEY, rng.randbytes(10), step, rng.randrange(2**24))


def mutated(rng: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(rng.randrange(3)):
        spot = rng.randrange(len(letters))
        letters[spot] = rng.choice([rng.choice(ALPHABET), rng.choice("|:- ơưâđ?1"), ""])
    if rng.random() < 0.2:
        letters.insert(0, rng.choice(["\ufeff", " ", "\n", "\t "]))
    return "".join(letters)


def of_server(text: str) -> str:
    try:
        shown = domain.read_shown(text)
    except CardMistyped:
        return "card-mistyped"
    except Unreadable:
        return "shown-unreadable"
    if isinstance(shown, Document):
        return shown.kind
    return "phone_code" if isinstance(shown, PhoneCode) else "card"


def test_every_text_is_judged_as_the_server_judges_it(run_script: Run) -> None:
    rng = random.Random(31)
    makers = [national, personal, card, phone_code]
    texts = [mutated(rng, rng.choice(makers)(rng)) for _ in range(6000)]
    found = run_script("kiosk/shown.ts", JUDGE, [[text, None] for text in texts])
    told = [one.get("kind") or one["problem"] for one in found]
    expected = [of_server(text) for text in texts]
    # Of a poster's bare code the server only says that it is none of its kinds.
    pairs = [(a, b, c) for a, b, c in zip(told, expected, texts, strict=True) if a != "poster"]
    assert [(a, b, c) for a, b, c in pairs if a != b] == []
    assert {kind: expected.count(kind) > 100 for kind in set(expected)} == dict.fromkeys(
        ["phone_code", "card", "national_id", "decision_1405", "card-mistyped", "shown-unreadable"],
        True,
    )


def test_a_code_that_was_not_on_a_screen_just_now_is_known_by_its_step(run_script: Run) -> None:
    milliseconds = NOW.timestamp() * 1000
    codes = [domain.phone_code(KEY, bytes(10), domain.step_of(NOW) + away) for away in range(-3, 4)]
    found = run_script("kiosk/shown.ts", JUDGE, [[code, milliseconds] for code in codes])
    kinds = [one.get("problem") for one in found]
    assert kinds == ["phone-code-expired"] * 2 + [None] * 3 + ["phone-code-expired"] * 2
    # Nobody is sent away for a second that two clocks differ by; the server decides.
    late = (NOW.replace(second=0) + timedelta(seconds=61)).timestamp() * 1000
    (slack,) = run_script("kiosk/shown.ts", JUDGE, [[codes[3], late]])
    assert slack["kind"] == "phone_code"


def test_a_phone_is_known_again_when_its_code_has_changed(run_script: Run) -> None:
    codes = [domain.phone_code(KEY, bytes(10), domain.step_of(NOW) + away) for away in (0, 1)]
    one, two = run_script("kiosk/shown.ts", JUDGE, [[code, None] for code in codes])
    assert one["who"] == two["who"]
    assert one["text"] != two["text"]


def test_a_typed_phone_with_and_without_its_code_and_a_poster(run_script: Run) -> None:
    place = new_code()
    texts = [
        "PHONE:0912345678:123456",
        "PHONE:0912345678",
        "PHONE:0912:1",
        place,
        f"HTTPS://X.EXAMPLE/P/{place}?d=ABCDEFGH",
        "https://x.example/",
    ]
    found = run_script("kiosk/shown.ts", JUDGE, [[text, None] for text in texts])
    assert [one.get("kind") or one["problem"] for one in found] == [
        "phone", "phone", "shown-unreadable", "poster", "poster", "shown-unreadable",
    ]  # fmt: skip
