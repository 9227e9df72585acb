"""The map in a real browser: a change is seen without reload, and the list says the same."""

import h3
import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from lachan.areas.domain import fold
from lachan.safety.colours.service import settle
from lachan.safety.map.country import RESOLUTION
from lachan.safety.map.domain import bin_id
from tests.conftest import AREA
from tests.days import today
from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e

HERE = (21.0285, 105.8542)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ("green", "yellow", "red", "grey", "repair")
# What is drawn of each place: the picture that is not transparent, by what was told last.
DRAWN = """() => {
  const map = document.querySelector('[data-safety-map]').safetyMap;
  const layers = map.getStyle().layers.map(l => l.id)
    .filter(id => id.startsWith('points-') && map.getLayoutProperty(id, 'visibility') !== 'none');
  const found = {};
  for (const f of map.queryRenderedFeatures({layers})) {
    const state = map.getFeatureState({source: 'points', sourceLayer: 'points', id: f.id});
    const colour = state.c ?? f.properties.c;
    // Each layer holds all places and shows those of its own colour.
    if (f.layer.id === 'points-' + ['green', 'yellow', 'red', 'grey', 'repair'][colour]) {
      found[f.id] = colour;
    }
  }
  return found;
}"""


@pytest.fixture
async def places(live_owner):
    """A place of each colour in one street; gone afterwards, for the browser tests share a city."""
    made = {}
    async with live_owner.begin() as connection:
        for number, colour in enumerate(COLOURS):
            lat, lon = HERE[0] + number / 400, HERE[1] + number / 400
            name = f"Trường Bản Đồ {number}"
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, folded, kind, area, lat, lon, h3) "
                    "VALUES (:name, :folded, 'school', :area, :lat, :lon, :h3) RETURNING id"
                ),
                {
                    "name": name, "folded": fold(name), "area": AREA, "lat": lat, "lon": lon,
                    "h3": h3.str_to_int(h3.latlng_to_cell(lat, lon, 9)),
                },
            )  # fmt: skip
            await connection.execute(
                text("INSERT INTO place_safety (place_id, day, colour) VALUES (:place, :day, :c)"),
                {"place": place, "day": today(), "c": colour},
            )
            await connection.execute(
                text(
                    "INSERT INTO event (topic, kind, payload) VALUES ('map', 'colour', "
                    "jsonb_build_object('id', CAST(:place AS bigint), 'c', CAST(:c AS text)))"
                ),
                {"place": place, "c": colour},
            )
            made[place] = colour
    yield made
    async with live_owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM place WHERE id = ANY(:ids)"), {"ids": list(made)}
        )


async def open_map(page: Page, places, at: tuple[float, float] = HERE) -> None:
    await page.goto(f"/map#13/{at[0] + 0.005}/{at[1] + 0.005}")
    await page.wait_for_selector("[data-drawn=yes]", timeout=60_000)
    # The tile is asked for again until the process has met the new places.
    for _ in range(60):
        drawn = await page.evaluate(DRAWN)
        if {str(place) for place in places} <= drawn.keys():
            return
        await page.reload()
        await page.wait_for_selector("[data-drawn=yes]", timeout=60_000)
    raise AssertionError("the places are not on the map")


async def test_a_change_is_seen_on_an_open_map_without_reload(desktop, places, live_owner):
    page = await desktop.new_page()
    await open_map(page, places)
    await page.wait_for_selector("[data-live]", state="attached")
    red = next(place for place, colour in places.items() if colour == "red")
    await page.evaluate("window.loadedOnce = true")
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET held = 'repair' WHERE place_id = :place"), {"place": red}
        )
        assert await settle(connection, red, today()) == "repair"
    await page.wait_for_function(f"() => ({DRAWN})()[{red}] === {COLOURS.index('repair')}")
    assert await page.evaluate("window.loadedOnce"), "the page was loaded anew"


async def test_the_list_says_what_the_map_shows(desktop, places):
    page = await desktop.new_page()
    await open_map(page, places)
    drawn = await page.evaluate(DRAWN)
    await page.goto("/map/list?q=truong+ban+do")
    rows = page.locator("[data-place]")
    listed = {
        await row.get_attribute("data-place"): await row.get_attribute("data-colour")
        for row in await rows.all()
    }
    assert listed == {str(place): COLOURS[drawn[str(place)]] for place in places}
    assert listed == {str(place): colour for place, colour in places.items()}


async def test_a_filter_of_colours_hides_the_others_and_goes_into_the_address(desktop, places):
    page = await desktop.new_page()
    await open_map(page, places)
    for colour in ("yellow", "red", "grey", "repair"):
        await page.locator(f"#colour-{colour}").uncheck()
    assert "colour=green" in page.url
    await page.wait_for_function(f"() => !Object.values(({DRAWN})()).includes(1)")
    assert (await page.locator("[data-map-here]").get_attribute("href")).startswith(
        "/map/list?colour=green"
    )


async def test_without_script_the_list_is_reached_filtered_and_read(browser, live, places):
    context = await browser.new_context(
        base_url=live.url,
        java_script_enabled=False,
        locale="vi-VN",
        viewport={"width": 360, "height": 740},
    )
    page = await context.new_page()
    await page.goto("/map")
    await page.locator("noscript a").click()
    await page.wait_for_url("**/map/list?*")
    await page.locator("#q").fill("truong ban do")
    for colour in ("yellow", "red", "grey", "repair"):
        await page.locator(f"#colour-{colour}").uncheck()
    await page.get_by_role("button", name="Lọc").click()
    await expect(page.locator("[data-place]")).to_have_count(1)
    await page.locator("[data-place] a").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Trường Bản Đồ 0")
    await context.close()


async def test_a_place_is_found_by_name_and_its_card_opened_by_keyboard(desktop, places):
    page = await desktop.new_page()
    await open_map(page, places)
    await page.locator("#q").press_sequentially("truong ban do 2")
    await page.locator(".smap-found").first.wait_for()
    await page.keyboard.press("Enter")
    card = page.locator("[data-map-card]")
    await card.get_by_role("link").wait_for()
    assert "Trường Bản Đồ 2" in await card.inner_text()
    await page.keyboard.press("Escape")
    assert await card.is_hidden()


COUNTRY = "[data-face=country][data-drawn=yes]"
HERE_BIN = bin_id(h3.str_to_int(h3.latlng_to_cell(*HERE, RESOLUTION)), RESOLUTION)
CELL = f"[data-bin='{HERE_BIN}']"
MOVING = "[data-face=engine][data-drawn=yes]"
CELLS = """root => Object.fromEntries([...root.querySelectorAll('[data-bin]')].map(
  cell => [cell.dataset.bin, [cell.getAttribute('class'), cell.dataset.n,
    cell.nextElementSibling?.getAttribute('class') === 'smap-hatch']]))"""
SERVERS = f"""async address => {{
  const drawn = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
  return ({CELLS})(drawn);
}}"""


async def open_country(page: Page, places) -> None:
    """The first look, once the process has met the new places."""
    for _ in range(60):
        await page.goto("/map")
        await page.wait_for_selector(COUNTRY)
        counted = await page.locator(CELL).evaluate_all(
            "cells => cells.flatMap(cell => cell.dataset.n.split(' ').map(Number))"
        )
        if sum(counted) >= len(places):
            return
    raise AssertionError("the places are not on the map")


async def test_the_first_look_is_alive_without_the_moving_map(browser, live, places, live_owner):
    context = await browser.new_context(
        base_url=live.url, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await open_country(page, places)
    await page.wait_for_selector("[data-live]", state="attached")
    cell = page.locator(CELL)
    before = [int(one) for one in (await cell.get_attribute("data-n")).split()]
    red = next(place for place, colour in places.items() if colour == "red")
    await page.evaluate("window.loadedOnce = true")
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET held = 'repair' WHERE place_id = :place"), {"place": red}
        )
        assert await settle(connection, red, today()) == "repair"
    after = [*before[:2], before[2] - 1, before[3], before[4] + 1]
    await page.wait_for_function(
        f"n => document.querySelector(`{CELL}`).dataset.n === n", arg=" ".join(map(str, after))
    )
    # Painted as the server would paint it, by any filter.
    drawing = page.locator("[data-map-drawing]")
    assert await drawing.evaluate(CELLS) == await page.evaluate(SERVERS, "/map/country")
    for colour in ("green", "yellow", "red", "repair"):
        await page.locator(f"#colour-{colour}").uncheck()
    assert await drawing.evaluate(CELLS) == await page.evaluate(SERVERS, "/map/country?colour=grey")
    await page.locator(".smap-kinds summary").click()
    for box in await page.locator("[name=kind]").all():
        if await box.get_attribute("value") != "worship":
            await box.uncheck()
    await page.wait_for_function("() => !document.querySelector('[data-bin]')")
    assert await page.evaluate("window.loadedOnce"), "the page was loaded anew"
    assert [one for one in asked if "engine" in one or "maplibre" in one] == []
    await context.close()


async def test_a_touch_brings_the_moving_map_to_where_it_was(browser, live, places):
    context = await browser.new_context(
        base_url=live.url, viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = await context.new_page()
    await open_country(page, places)
    box = await page.locator(CELL).bounding_box()
    await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.wait_for_selector(MOVING, timeout=60_000)
    await page.wait_for_function(
        "() => document.querySelector('[data-safety-map]').safetyMap.getZoom() > 5"
    )
    await page.wait_for_selector(MOVING)
    assert await page.locator("[data-map-country]").is_hidden()
    lon, lat = await page.evaluate(
        "() => document.querySelector('[data-safety-map]').safetyMap.getCenter().toArray()"
    )
    assert abs(lat - HERE[0]) < 0.3
    assert abs(lon - HERE[1]) < 0.3
    await context.close()


async def test_the_drawing_lies_where_the_moving_map_does_and_opens_by_keyboard(desktop, places):
    page = await desktop.new_page()
    await open_country(page, places)
    box = await page.locator(CELL).bounding_box()
    frame = await page.locator("[data-map-canvas]").bounding_box()
    await page.locator("[data-map-closer]").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector(MOVING, timeout=60_000)
    lies = await page.evaluate(
        "at => { const p = document.querySelector('[data-safety-map]').safetyMap.project(at);"
        " return [p.x, p.y]; }",
        [HERE[1], HERE[0]],
    )
    # The place lies in its cell, on the drawing and on the map alike.
    x, y = lies[0] + frame["x"], lies[1] + frame["y"]
    assert box["x"] - 1 <= x <= box["x"] + box["width"] + 1
    assert box["y"] - 1 <= y <= box["y"] + box["height"] + 1
    await page.keyboard.press("+")
    await page.wait_for_function(
        "() => document.querySelector('[data-safety-map]').safetyMap.getZoom() > 5.2"
    )


async def test_the_country_is_drawn_without_script(browser, live, places):
    context = await browser.new_context(base_url=live.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/map")
    assert await page.locator("[data-map-drawing]").is_visible()
    assert await page.locator("[data-map-closer]").is_hidden()
    assert await page.locator(".smap-cell").count() > 0
    await context.close()


PAGES = [
    "/map",
    "/map#13/21.03/105.86",
    "/map/list",
    "/map/areas/VN",
    "/map/data",
    "/map/embed",
    "place",
]


@pytest.mark.parametrize("address", PAGES)
async def test_axe_finds_nothing_and_a_phone_needs_no_scrolling_sideways(
    browser, live, places, address
):
    context = await browser.new_context(
        base_url=live.url, bypass_csp=True, viewport={"width": 360, "height": 740}
    )
    page = await context.new_page()
    path = f"/map/places/{next(iter(places))}" if address == "place" else address
    await page.goto(path)
    if address.startswith("/map#") or address in {"/map", "/map/embed"}:
        await page.wait_for_selector("[data-drawn=yes]", timeout=60_000)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await context.close()
