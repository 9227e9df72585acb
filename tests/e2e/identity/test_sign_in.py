"""Signing in as people do it: a phone and its text, a password and an app, a finger."""

import re
import time
from collections.abc import Awaitable, Callable
from secrets import randbelow

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import audit, service
from lachan.identity.officers import secrets, store
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Grant
from tests.conftest import MakeOfficer
from tests.e2e.conftest import Live, sign_in_as

pytestmark = pytest.mark.e2e

PASSWORD = "mot-mat-khau-dai-2026"
MakeKnown = Callable[..., Awaitable[tuple[str, str]]]


def _number() -> str:
    return f"091{randbelow(10**7):07}"


async def _code_for(page: Page, phone: str) -> str:
    """Read the newest text to a number on the outbox page, in a second tab."""
    tab = await page.context.new_page()
    await tab.goto("/dev/outbox")
    entry = tab.locator(".timeline-item", has_text=f"+84{phone[1:]}").first
    body = await entry.locator("[data-text]").inner_text()
    await tab.close()
    return body[:6]


async def _sign_in(page: Page, phone: str) -> None:
    await page.goto("/login?next=/me")
    await page.get_by_label("Số điện thoại di động").fill(phone)
    await page.get_by_role("button", name="Gửi mã cho tôi").click()
    await page.get_by_label("Mã gồm 6 chữ số").fill(await _code_for(page, phone))
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url("**/me")


async def test_a_resident_signs_in_fills_in_and_leaves(phone: BrowserContext) -> None:
    page, number = await phone.new_page(), _number()
    await page.goto("/me")
    await expect(page).to_have_url(re.compile(r"/login\?next=/me$"))
    await page.get_by_label("Số điện thoại di động").fill("12")
    await page.get_by_role("button", name="Gửi mã cho tôi").click()
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await page.get_by_label("Số điện thoại di động").fill(number)
    await page.get_by_role("button", name="Gửi mã cho tôi").click()
    assert number[1:] not in page.url
    await page.get_by_label("Mã gồm 6 chữ số").fill("000000")
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.locator("[data-error-summary]")).to_contain_text("Mã không đúng")
    await page.get_by_label("Mã gồm 6 chữ số").fill(await _code_for(page, number))
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Dữ liệu của tôi")
    await page.get_by_role("link", name="Sửa Họ và tên").click()
    await page.get_by_label("Họ và tên").fill("Trần Thị Thử")
    await page.get_by_label("Năm sinh").fill("1985")
    await page.get_by_role("button", name="Lưu", exact=True).click()
    await page.get_by_role("link", name="Sửa Nơi ở").click()
    await page.get_by_label("Tên phường").fill("ba dinh")
    await page.get_by_role("button", name="Tìm", exact=True).click()
    await page.get_by_text("Phường Ba Đình, Thành phố Hà Nội", exact=True).click()
    await page.get_by_role("button", name="Lưu", exact=True).click()
    await page.get_by_role("link", name="Thêm người cùng hộ").click()
    await page.get_by_label("Họ và tên").fill("Bé Thử")
    await page.get_by_role("button", name="Lưu", exact=True).click()
    kept = page.locator("main")
    for part in ("Trần Thị Thử", "1985", "Phường Ba Đình, Thành phố Hà Nội", "Bé Thử"):
        await expect(kept).to_contain_text(part)
    await page.get_by_role("link", name="Ai đã mở dữ liệu của tôi").click()
    await expect(kept).to_contain_text("Chưa có ai mở dữ liệu của bạn")
    await page.goto("/me/delete")
    await page.get_by_role("button", name="Xóa tài khoản").click()
    await expect(page.locator("[data-error-summary]")).to_contain_text("xác nhận")
    await page.get_by_label("Tôi hiểu và muốn xóa").check()
    await page.get_by_role("button", name="Xóa tài khoản").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã xóa tài khoản")
    await page.goto("/me")
    await expect(page).to_have_url(re.compile("/login"))


async def test_no_sign_in_page_forwards_to_another_site(phone: BrowserContext) -> None:
    page, number = await phone.new_page(), _number()
    await page.goto("/login?next=https://example.com/")
    await page.get_by_label("Số điện thoại di động").fill(number)
    await page.get_by_role("button", name="Gửi mã cho tôi").click()
    await page.get_by_label("Mã gồm 6 chữ số").fill(await _code_for(page, number))
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url("**/me")
    await page.locator("form.leave button").click()
    await page.goto("/me")
    await expect(page).to_have_url(re.compile("/login"))


async def test_the_outbox_shows_a_text_without_reloading(phone: BrowserContext) -> None:
    page, number = await phone.new_page(), _number()
    await page.goto("/dev/outbox")
    asked = await phone.request.post(
        "/api/v1/auth/codes", data={"phone": number}, headers={"sec-fetch-site": "same-origin"}
    )
    assert asked.status == 202
    await expect(page.locator("main")).to_contain_text(f"+84{number[1:]}", timeout=6000)


async def test_a_resident_reads_who_opened_the_data(
    phone: BrowserContext, live: Live, live_owner: AsyncEngine, live_officer: MakeOfficer
) -> None:
    page = await phone.new_page()
    await _sign_in(page, _number())
    tracer = await live_officer("tracer", "VN.01")
    async with live_owner.begin() as connection:
        person = await connection.scalar(text("SELECT max(person_id) FROM identity_sealed"))
        await connection.execute(
            text(
                "INSERT INTO audit_entry (actor_kind, actor_id, action, subject_person, reason,"
                " details) VALUES ('officer', :officer, :action, :person, 'Gọi điện điều tra',"
                ' \'{"unit": "VN.01"}\')'
            ),
            {"officer": tracer.id, "person": person, "action": audit.OPENED},
        )
    await page.goto("/me/openings")
    for part in ("Cán bộ thử", "Thành phố Hà Nội", "Gọi điện điều tra"):
        await expect(page.locator("main")).to_contain_text(part)
    assert len("Gọi điện điều tra") <= service.LONGEST_REASON


@pytest.fixture
def make_known(live_owner: AsyncEngine, keyring: Keyring) -> MakeKnown:
    """Make an officer with a password and an authenticator; login and secret."""

    async def make(role: str, area: str) -> tuple[str, str]:
        login, secret = f"{role}.{randbelow(10**8)}", secrets.new_totp_secret()
        async with live_owner.begin() as connection:
            officer = await store.create_as_owner(
                connection,
                login=login,
                name="Nguyễn Văn Thử · CDC",
                hashed=await secrets.hash_password(PASSWORD),
                grants=[Grant(role, area)],
                temporary=False,
            )
            sealed = secrets.seal_totp(keyring, officer, secret)
            await store.set_totp_as_owner(connection, officer, sealed)
        return login, secret

    return make


async def _enter(page: Page, login: str, secret: str, ahead: int = 0) -> None:
    await page.goto("/desk/login?next=/desk/security")
    await page.get_by_label("Tên đăng nhập").fill(login)
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Tiếp tục").click()
    code = pyotp.TOTP(secret).at(time.time() + 30 * ahead)
    await page.get_by_label("Mã 6 chữ số").fill(code)
    await page.get_by_role("button", name="Đăng nhập").click()


async def test_an_officer_signs_in_with_password_and_app_then_with_a_passkey(
    desktop: BrowserContext, make_known: MakeKnown
) -> None:
    page = await desktop.new_page()
    login, secret = await make_known("tracer", "VN.01")
    devtools = await desktop.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    await page.goto("/desk/login")
    await page.get_by_label("Tên đăng nhập").fill(login)
    await page.get_by_label("Mật khẩu", exact=True).fill("sai")
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    await _enter(page, login, secret)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bảo mật đăng nhập")
    await page.get_by_label("Đặt tên cho khóa").fill("Máy tính cơ quan")
    await page.get_by_role("button", name="Thêm khóa truy cập").click()
    await expect(page.locator("main")).to_contain_text("Đã thêm khóa truy cập")
    await expect(page.locator(".task-name")).to_contain_text("Máy tính cơ quan")
    await page.locator("form.leave button").click()
    await page.goto("/desk/login?next=/desk/security")
    await page.get_by_role("button", name="Dùng khóa truy cập").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bảo mật đăng nhập")
    await expect(page.locator(".task-name")).to_contain_text("dùng lần cuối")
    await page.get_by_role("button", name="Gỡ Máy tính cơ quan").click()
    await expect(page.locator("main")).to_contain_text("Đã gỡ")


async def test_an_admin_makes_an_officer_who_sets_the_sign_in_up(
    desktop: BrowserContext, phone: BrowserContext, live: Live, live_officer: MakeOfficer
) -> None:
    admin = await live_officer("admin", "VN.01")
    page = await sign_in_as(desktop, live, admin.token)
    await page.goto("/desk/officers")
    await page.get_by_role("link", name="Thêm cán bộ").click()
    login = f"le.moi.{randbelow(10**8)}"
    await page.get_by_label("Họ tên và đơn vị").fill("Lê Mới · Trạm y tế Ba Đình")
    await page.get_by_label("Tên đăng nhập").fill("x")
    await page.get_by_role("button", name="Tạo tài khoản").click()
    await expect(page.locator("[data-error-summary]")).to_contain_text("Tên đăng nhập")
    await page.get_by_label("Tên đăng nhập").fill(login)
    await page.get_by_label("Vai trò").select_option("tracer")
    await page.get_by_label("Địa bàn", exact=True).select_option("VN.01.00004")
    await page.get_by_role("button", name="Tạo tài khoản").click()
    password = await page.locator("[data-temporary-password] code").inner_text()

    other = await phone.new_page()
    await other.goto("/desk/login")
    await other.get_by_label("Tên đăng nhập").fill(login)
    await other.get_by_label("Mật khẩu", exact=True).fill(password)
    await other.get_by_role("button", name="Tiếp tục").click()
    await expect(other.get_by_role("heading", level=1)).to_have_text("Thiết lập đăng nhập lần đầu")
    picture = other.locator("img[src^='data:image/svg+xml']")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 100
    secret = (await other.locator(".copyable code").inner_text()).replace(" ", "")
    await other.get_by_label("Mật khẩu mới").fill("ngan")
    await other.get_by_label("Mã 6 chữ số").fill(pyotp.TOTP(secret).now())
    await other.get_by_role("button", name="Hoàn tất").click()
    await expect(other.locator("[data-error-summary]")).to_contain_text("Mật khẩu cần ít nhất")
    await other.get_by_label("Mật khẩu mới").fill("mot-cau-de-nho-cua-toi")
    await other.get_by_label("Mã 6 chữ số").fill(pyotp.TOTP(secret).now())
    await other.get_by_role("button", name="Hoàn tất").click()
    await other.goto("/desk/security")
    await expect(other.get_by_role("heading", level=1)).to_have_text("Bảo mật đăng nhập")

    await page.get_by_role("link", name="Tôi đã ghi lại").click()
    await page.get_by_role("button", name="Khóa tài khoản").click()
    await expect(page.locator("main")).to_contain_text("Đã khóa")
    await other.reload()
    await expect(other).to_have_url(re.compile("/desk/login"))


async def test_an_auditor_filters_the_log_and_others_do_not_get_in(
    desktop: BrowserContext, live: Live, live_owner: AsyncEngine, live_officer: MakeOfficer
) -> None:
    auditor = await live_officer("auditor", "VN.01")
    async with live_owner.begin() as connection:
        for action in ("case.opened", "identity.opened"):
            await connection.execute(
                text(
                    "INSERT INTO audit_entry (actor_kind, action, area, reason, subject_person)"
                    " VALUES ('system', :action, 'VN.01', :action || ' vì thử', 77)"
                ),
                {"action": action},
            )
    page = await sign_in_as(desktop, live, auditor.token)
    await page.goto("/desk/audit")
    await expect(page.locator("tbody")).to_contain_text("case.opened vì thử")
    await page.get_by_label("Thao tác").select_option(label="Xem họ tên và số điện thoại")
    await page.get_by_label("Mã người").fill("77")
    await page.get_by_role("button", name="Lọc").click()
    await expect(page.locator("tbody")).to_contain_text("identity.opened vì thử")
    await expect(page.locator("tbody")).not_to_contain_text("case.opened")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Tải bảng (CSV)").click()
    path = await (await download.value).path()
    assert "identity.opened vì thử" in path.read_text("utf-8-sig")
    await page.goto("/desk/officers")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("quyền")
