"""Notifications: a pushed message, the question whether one has left, and its button."""

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import MakeResident
from tests.e2e.conftest import Live
from tests.e2e.resident.conftest import (
    KEPT,
    make_place,
    open_app,
    sign_in,
    type_code,
    until,
    visits_of,
)

pytestmark = pytest.mark.e2e

NOTICES = (
    "navigator.serviceWorker.ready.then(one => one.getNotifications())"
    ".then(all => all.map(one => ({title: one.title, body: one.body, url: one.data.url,"
    " actions: one.actions.map(action => action.title)})))"
)


async def push(page: Page, live: Live, data: str) -> None:
    """Deliver a message as a push service would."""
    tools = await page.context.new_cdp_session(page)
    registrations: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(
            one["registrationId"] for one in event["registrations"] if not one["isDeleted"]
        ),
    )
    await tools.send("ServiceWorker.enable")
    while not registrations:
        await page.wait_for_timeout(50)
    await tools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": live.url, "registrationId": registrations[-1], "data": data},
    )


async def test_a_pushed_message_is_shown_and_one_that_is_none_shows_nothing_of_itself(
    live: Live, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    await app_phone.grant_permissions(["notifications"])
    await sign_in(app_phone, live, await live_resident())
    page = await open_app(app_phone)
    await push(page, live, '{"title": "Cảnh báo mới", "body": "Mở để xem", "url": "/me/warnings"}')
    await until(page, f"{NOTICES}.then(all => all.length === 1)")
    (notice,) = await page.evaluate(NOTICES)
    assert notice == {
        "title": "Cảnh báo mới",
        "body": "Mở để xem",
        "url": "/me/warnings",
        "actions": [],
    }
    await push(page, live, "<b>xin chào</b>")
    await until(page, f"{NOTICES}.then(all => all.length === 2)")
    assert {one["title"] for one in await page.evaluate(NOTICES)} == {"Cảnh báo mới", "Lá Chắn"}


async def test_i_have_left_in_the_notification_scans_out(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    await app_phone.grant_permissions(["notifications"])
    code = await make_place(live_owner)
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    page = await open_app(app_phone)
    await type_code(page, code)
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    # The usual stay is over, and the app is open: it asks by itself.
    await page.evaluate(
        """() => new Promise(resolve => {
          const opening = indexedDB.open("lachan", 1);
          opening.onsuccess = () => {
            const db = opening.result;
            const store = db.transaction("values", "readwrite").objectStore("values");
            store.get("here").onsuccess = (found) => {
              const here = {...found.target.result, ends_at: new Date().toISOString()};
              store.put(here, "here").onsuccess = () => { db.close(); resolve(); };
            };
          };
        })"""
    )
    await page.evaluate("() => { window.dispatchEvent(new Event('lachan:changed')); }")
    await until(page, f"{NOTICES}.then(all => all.length === 1)")
    (notice,) = await page.evaluate(NOTICES)
    assert notice["title"] == "Bạn còn ở Quán Phở Cây Bàng?"
    assert notice["actions"] == ["Tôi đã rời đi", "Vẫn ở đây"]

    await app_phone.set_offline(True)
    (worker,) = app_phone.service_workers
    # A press made by a script may not keep the worker alive, so the test does.
    await worker.evaluate(
        """() => self.registration.getNotifications().then(([notification]) => {
          const press = new NotificationEvent("notificationclick", {notification, action: "left"});
          let work;
          Object.defineProperty(press, "waitUntil", {value: (promise) => { work = promise; }});
          self.dispatchEvent(press);
          return work;
        })"""
    )
    await until(page, f"{KEPT}('scans').then(all => all.some(one => one.direction === 'out'))")
    assert await visits_of(live_owner, someone.id) == [("Quán Phở Cây Bàng", "expected")]
    await app_phone.set_offline(False)
    await page.goto("/me/diary")
    await expect(page.locator("[data-waiting]")).to_be_hidden()
    await until(page, f"{KEPT}('values', 'here').then(here => !here)")
    assert await visits_of(live_owner, someone.id) == [("Quán Phở Cây Bàng", "scanned")]
