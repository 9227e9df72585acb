import json
import os

import jinja2
import pytest

from lachan.kit.http.access import Grant, Viewer
from lachan.web.rendering import Assets, MissingAssetError, language_url, page

OFFICER = Viewer("officer", "", "Trần Mẫu", officer_id=1, grants=(Grant("tracer", "VN.01"),))


def text_of(response):
    return response.body.decode()


@pytest.fixture
def show(make_request, pages):
    """Renders a line of template as a page would."""

    def show(source, request=None, **context):
        pages._environment.loader = jinja2.ChoiceLoader(
            [jinja2.DictLoader({"line.html": source}), pages._environment.loader]
        )
        return text_of(pages.render(request or make_request(), "line.html", **context))

    return show


def test_a_page_is_in_the_reader_s_language(make_request, pages):
    request = make_request(headers={"accept-language": "en-GB,en"})
    response = pages.render(request, "errors/problem.html", status=404)
    assert '<html lang="en"' in text_of(response)
    assert response.headers["content-language"] == "en"
    assert "Page not found" in text_of(response)


def test_the_language_that_the_middleware_settled_wins(make_request, show):
    request = make_request(headers={"cookie": "lang=en"}, lang="vi")
    assert show("{{ lang }} {{ other_lang }}", request) == "vi en"


def test_the_switch_of_language_keeps_the_rest_of_the_address(make_request):
    request = make_request("/desk/cases", query="level=F1&lang=vi&q=c%C6%A1")
    assert language_url(request, "en") == "/desk/cases?level=F1&q=c%C6%A1&lang=en"


def test_what_people_write_is_escaped(show):
    assert show("{{ name }}", name="<script>x</script>") == "&lt;script&gt;x&lt;/script&gt;"


def test_a_name_that_nobody_gave_raises(show):
    with pytest.raises(jinja2.UndefinedError):
        show("{{ nobody }}")


def test_status_and_headers_reach_the_answer(make_request):
    response = page(make_request(), "errors/problem.html", status=503, headers={"retry-after": "7"})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize(("cookie", "theme"), [("", "auto"), ("dark", "dark"), ("pink", "auto")])
def test_the_theme_comes_from_a_cookie_and_is_one_we_have(make_request, show, cookie, theme):
    request = make_request(headers={"cookie": f"theme={cookie}"})
    assert show("{{ theme }}", request) == theme


def test_the_token_against_forgery_is_in_every_form_of_the_frame(make_request, pages):
    request = make_request("/desk", csrf_token="t0ken", viewer=OFFICER)
    text = text_of(pages.render(request, "errors/problem.html", status=404, frame="desk"))
    forms = text.count('method="post"')
    assert forms == 2
    assert text.count('name="_csrf" value="t0ken"') == forms


def test_the_frame_shows_who_is_signed_in_and_a_way_out(make_request, pages):
    request = make_request("/desk/cases", viewer=OFFICER)
    text = text_of(pages.render(request, "errors/problem.html", status=404, frame="desk"))
    assert "Trần Mẫu" in text
    assert 'action="/logout"' in text
    assert 'action="/logout"' not in text_of(
        pages.render(make_request("/desk"), "errors/problem.html", status=404, frame="desk")
    )


@pytest.mark.parametrize(
    ("path", "viewer", "frame"),
    [
        ("/desk/nowhere", OFFICER, "desk"),
        ("/me/nowhere", OFFICER, "resident"),
        ("/nowhere", OFFICER, "public"),
        ("/desk/nowhere", None, "public"),
    ],
)
def test_a_problem_stays_in_the_frame_where_it_came_up(make_request, pages, path, viewer, frame):
    request = make_request(path, viewer=viewer)
    text = text_of(pages.render(request, "errors/problem.html", status=404))
    assert f'data-frame="{frame}"' in text


@pytest.mark.parametrize(
    ("role", "shown"), [("tracer", []), ("auditor", ["audit"]), ("admin", ["officers"])]
)
def test_the_rail_leads_only_where_the_officer_may_go(make_request, pages, role, shown):
    viewer = Viewer("officer", "", "Mẫu", officer_id=1, grants=(Grant(role, "VN.01"),))
    request = make_request("/desk", viewer=viewer)
    text = text_of(pages.render(request, "errors/problem.html", status=404, frame="desk"))
    assert [name for name in ("audit", "officers") if f'"/desk/{name}"' in text] == shown


def test_the_tab_of_the_page_is_marked_and_only_that(make_request, pages):
    request = make_request("/me/diary")
    text = text_of(pages.render(request, "errors/problem.html", status=404, frame="resident"))
    assert 'href="/me/diary" aria-current="page"' in text
    assert text.count("aria-current") == 1


def test_a_script_a_style_and_a_plain_file_have_addresses(static_dir):
    assets = Assets(static_dir, reload=False)
    assert assets.url("main.ts") == "/static/assets/main-3c4d.js"
    assert assets.url("index.css") == "/static/assets/index-1a2b.css"
    assert assets.url("island.ts") == "/static/assets/island-5e6f.js"
    assert assets.url("island.css") == "/static/assets/island-7a8b.css"
    assert assets.url("favicon.svg").startswith("/static/favicon.svg?v=")


@pytest.mark.parametrize("name", ["none.ts", "../conftest.py", "", "/etc/passwd"])
def test_an_asset_that_was_not_built_is_named(static_dir, name):
    with pytest.raises(MissingAssetError, match="asset"):
        Assets(static_dir, reload=False).url(name)


def test_a_build_that_was_never_made_says_what_to_do(tmp_path):
    with pytest.raises(MissingAssetError, match="npm run build"):
        Assets(tmp_path, reload=False).url("main.ts")


def test_a_new_build_is_seen_in_development_only(tmp_path):
    def build(file, stamp):
        manifest = tmp_path / "manifest.json"
        manifest.write_text(json.dumps({"src/main.ts": {"file": file}}), encoding="utf-8")
        os.utime(manifest, (stamp, stamp))

    build("a.js", 1_000)
    development, production = (Assets(tmp_path, reload=reload) for reload in (True, False))
    assert development.url("main.ts") == production.url("main.ts") == "/static/a.js"
    build("b.js", 2_000)
    assert development.url("main.ts") == "/static/b.js"
    assert production.url("main.ts") == "/static/a.js"
