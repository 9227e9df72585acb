"""An hour without a network at a busy door: nothing lost, nothing twice, nothing to be read."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.credentials.domain import CARD_LENGTH
from lachan.kit.crypto import Keyring
from lachan.kit.ids import new_code
from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import Live
from tests.e2e.kiosk.conftest import (
    PATIENCE_MS,
    PIN,
    keeps_page,
    make_cards,
    make_people,
    make_phone,
    make_place,
    new_tablet,
    pair,
    quick_wedge,
    says,
    until,
    wedge,
)

pytestmark = pytest.mark.e2e

SCANS = 200
MINUTES = 60
# Everything the tablet keeps, as a thief would read it out of the files.
STORED = """
(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("lachan-kiosk", 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = async () => {
    const db = opening.result;
    const all = (store) => new Promise((done) => {
      const found = db.transaction(store).objectStore(store).getAll();
      found.onsuccess = () => done(found.result);
    });
    const [scans, refused] = [await all("scans"), await all("refused")];
    const values = await all("values");
    db.close();
    const text = (bytes) => String.fromCharCode(...new Uint8Array(bytes));
    const key = values.find((value) => value instanceof CryptoKey);
    resolve({
      scans: scans.length,
      refused: refused.map(({ code }) => code),
      exportable: key.extractable,
      dump: scans.map((scan) => JSON.stringify(scan) + text(scan.sealed)).join() +
        JSON.stringify(refused),
    });
  };
}))()
"""


async def stored(page: Page) -> dict[str, object]:
    found: dict[str, object] = await page.evaluate(STORED)
    return found


async def test_an_hour_offline(  # noqa: PLR0915 - one hour, told in order
    browser: Browser,
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    keyring: Keyring,
) -> None:
    rng = random.Random(60)
    place = await make_place(live_owner, await live_resident())
    people = await make_people(live_owner, SCANS - 30)
    cards = await make_cards(live_owner, keyring, people, (await live_officer()).id)
    phones = [await make_phone(live_owner, keyring) for _ in range(10)]
    documents = [
        f"001190{rng.randrange(10**6):06}||LE THI THU|01011990|Nam|Phuong Thu|0101{2000 + n}"
        for n in range(20)
    ]
    context = await new_tablet(browser, live)
    page = await pair(context, live, place)
    await keeps_page(page)
    await until(page, "document.querySelector('[data-part=line]').dataset.line === 'on'")

    # An hour ago the network went, and the tablet was started again besides.
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=MINUTES)
    await context.set_offline(True)
    await page.clock.install(time=began)
    await page.reload()
    await expect(page.locator("[data-screen=ready]")).to_be_visible()
    shown = [*cards, *documents, *phones]
    rng.shuffle(shown)
    await page.clock.pause_at(began + timedelta(seconds=5))
    moment = began + timedelta(seconds=5)
    step = timedelta(seconds=MINUTES * 60 // (SCANS + 4))
    for number, one in enumerate(shown):
        what = one if isinstance(one, str) else one.code(moment)
        await quick_wedge(page, what)
        if number == 7:
            await says(page, "green", "Đã ghi nhận")
        if number % 50 == 11:
            # Still holding it there: shown twice, scanned once.
            await quick_wedge(page, what)
        await expect(page.locator("[data-part=line-text]")).to_contain_text(
            f"đã giữ {number + 1} lượt"
        )
        await page.clock.run_for(step.seconds * 1000)
        moment += step
    # What no server need be asked about is refused at once.
    await wedge(page, phones[0].code(began - timedelta(minutes=10)))
    await says(page, "red", "Mã đã hết hạn")
    await page.clock.run_for(6_000)
    # A card that nobody has: only the server can know.
    unknown = f"LCC:{new_code(CARD_LENGTH)}"
    await wedge(page, unknown)
    local = (began + timedelta(hours=7)).strftime("%H:%M")
    await expect(page.locator("[data-part=line-text]")).to_have_text(
        f"Mất mạng từ {local}, đã giữ {SCANS + 1} lượt"
    )
    found = await stored(page)
    assert found["scans"] == SCANS + 1
    assert found["exportable"] is False
    dump = str(found["dump"])
    assert not [one for one in (*cards, *documents) if one[4:16] in dump]
    assert "LE THI THU" not in dump

    # The hour is over: from here on the tablet's clock is the server's again.
    behind = int(datetime.now(UTC).timestamp() * 1000) - await page.evaluate("Date.now()")
    assert behind > 0
    await page.clock.run_for(behind)
    await page.clock.resume()
    await context.set_offline(False)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    line = page.locator("[data-part=line-text]")
    await expect(line).to_have_text("Đang có mạng")
    ends = time.monotonic() + PATIENCE_MS / 1000
    while (after := await stored(page))["scans"] and time.monotonic() < ends:
        await page.wait_for_timeout(200)
    assert after["scans"] == 0
    assert after["refused"] == ["card-unknown"]

    async with live_owner.connect() as connection:
        rows = (
            await connection.execute(
                text(
                    "SELECT s.person_id, s.at FROM scan s WHERE s.place_id = :place ORDER BY s.at"
                ),
                {"place": place.id},
            )
        ).all()
        sources = (
            await connection.execute(
                text(
                    "SELECT source, proof, count(*) AS n, count(DISTINCT person_id) AS people "
                    "FROM visit WHERE place_id = :place GROUP BY source, proof"
                ),
                {"place": place.id},
            )
        ).all()
    seen = [row.person_id for row in rows]
    missing = ({*people} | {phone.person for phone in phones}) - {*seen}
    assert (len(missing), len(seen) - len({*seen})) == (0, 0)
    assert len(seen) == SCANS
    assert [tuple(row) for row in sources] == [("kiosk", "device", SCANS, SCANS)]
    # Each at its own moment, not at that of the sending.
    spread = rows[-1].at - rows[0].at
    assert spread > timedelta(minutes=MINUTES - 5)
    assert abs(rows[0].at - began) < timedelta(minutes=2)

    # The operator sees what was refused and why; what was shown is gone.
    await page.locator("[data-part=operator]").click()
    await page.locator("#pin").fill(PIN)
    await page.locator("#pin").press("Enter")
    await expect(page.locator("[data-part=desk-refused] li")).to_contain_text("Không có thẻ này")
    assert unknown[4:] not in await page.content()
    await context.close()
