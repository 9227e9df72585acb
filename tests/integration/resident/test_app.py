"""What the phone keeps: files and shells without a word about anybody, under the right policy."""

import json
import re

import httpx
import pytest

from tests.conftest import MakeResident


async def precached(client: httpx.AsyncClient) -> list[dict[str, str | None]]:
    answer = await client.get("/sw.js")
    assert answer.status_code == 200
    found = re.match(r"self\.LACHAN_PRECACHE = (\[.*?\]);\n", answer.text)
    assert found is not None
    entries: list[dict[str, str | None]] = json.loads(found[1])
    return entries


async def test_the_worker_may_answer_for_the_whole_site_and_is_asked_for_each_time(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "import " not in answer.text.splitlines()[0]


async def test_everything_that_the_phone_is_to_keep_is_there(client: httpx.AsyncClient) -> None:
    urls = [str(entry["url"]) for entry in await precached(client)]
    assert len(urls) == len(set(urls))
    for url in urls:
        answer = await client.get(url)
        assert answer.status_code == 200, url
        assert url.startswith(("/static/", "/app/")), url
    assert any(url.endswith(".wasm") for url in urls)
    # A file whose name does not change with its content would never be fetched again.
    for entry in await precached(client):
        named = re.search(r"-[\w-]{8}\.\w+$|\?v=", str(entry["url"]))
        assert named or entry["revision"], entry


@pytest.mark.parametrize("shell", ["scan", "code", "safety", "offline"])
@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_a_shell_is_the_same_for_everybody(
    client: httpx.AsyncClient, make_resident: MakeResident, lang: str, shell: str
) -> None:
    nobody = await client.get(f"/app/{lang}/{shell}")
    someone = await make_resident()
    cookies = f"lachan_session={someone.token}; lang=en; theme=dark"
    somebody = await client.get(f"/app/{lang}/{shell}", headers={"cookie": cookies})
    assert nobody.text == somebody.text
    assert f'lang="{lang}"' in nobody.text
    assert "data-person" not in nobody.text


async def test_only_pages_that_scan_may_run_webassembly(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    headers = (await make_resident()).headers
    allowed = {
        path: "'wasm-unsafe-eval'"
        in (await client.get(path, headers=headers)).headers["content-security-policy"]
        for path in ("/me/scan", "/app/vi/scan", "/me/code", "/app/vi/code", "/me/diary", "/sw.js")
    }
    assert [path for path, may in allowed.items() if may] == ["/me/scan", "/app/vi/scan"]
    policies = (await client.get("/me/scan", headers=headers)).headers.get_list(
        "content-security-policy"
    )
    assert len(policies) == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_the_manifest_names_pictures_and_pages_that_exist(
    client: httpx.AsyncClient, make_resident: MakeResident, lang: str
) -> None:
    answer = await client.get(f"/app/{lang}/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert manifest["lang"] == lang
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
    pictures = [icon["src"] for icon in manifest["icons"]]
    pictures += [icon["src"] for one in manifest["shortcuts"] for icon in one["icons"]]
    for picture in pictures:
        assert (await client.get(picture)).status_code == 200
    headers = (await make_resident()).headers
    assert len(manifest["shortcuts"]) == 4
    for page in (manifest["start_url"], *(one["url"] for one in manifest["shortcuts"])):
        assert (await client.get(page, headers=headers)).status_code == 200


async def test_no_other_language_and_no_other_shell(client: httpx.AsyncClient) -> None:
    for path in ("/app/fr/scan", "/app/fr/manifest.webmanifest", "/app/vi/secret"):
        assert (await client.get(path)).status_code in {404, 422}


async def test_a_mistyped_code_is_told_without_a_script(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    headers = (await make_resident()).headers
    answer = await client.post("/me/scan", data={"code": "abc"}, headers=headers)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
