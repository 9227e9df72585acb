"""The parts of the pages: every one renders in both languages, and the markup says what it must."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from jinja2 import ChoiceLoader, DictLoader

from lachan.web import dev
from lachan.web.public import home

_VOID = {"input", "meta", "link", "br", "img", "hr"}


class Page(HTMLParser):
    """Collects what the checks below ask about, and that every element is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.labels, self.fields, self.open, self.described = [], [], [], [], []
        self.headings = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.labels += [values["for"]] if tag == "label" else []
        if tag in {"select", "textarea"} or (tag == "input" and values.get("type") != "hidden"):
            self.fields.append(values["id"])
        for name in ("aria-describedby", "aria-labelledby"):
            self.described += values.get(name, "").split()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


@pytest.fixture
def show(make_request, pages):
    loader = pages._environment.loader

    def show(source, **context):
        source = (
            '{% from "components/forms.html" import button, checkbox, error_summary, radio_group,'
            " select_field, text_field, textarea with context %}"
            '{% from "components/bits.html" import data_table, level_badge, pager, state_badge,'
            " summary_list, progress with context %}" + source
        )
        pages._environment.loader = ChoiceLoader([DictLoader({"part.html": source}), loader])
        return pages.render(make_request(), "part.html", **context).body.decode().strip()

    return show


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("frame", dev.FRAMES)
async def test_the_gallery_is_sound_in_every_frame_and_language(make_request, lang, frame):
    request = make_request("/dev/components", lang=lang)
    response = await dev.components(request, None, frame=frame)
    page = Page(response.body.decode())
    assert page.open == []
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    assert set(page.fields) <= set(page.labels), "a field has no label"
    assert set(page.described) <= set(page.ids), "a description is missing"


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_the_first_page_is_sound(make_request, lang):
    response = await home.home(make_request("/", lang=lang), None)
    page = Page(response.body.decode())
    assert page.open == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(page.headings))


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 418, 422, 429, 500, 502, 503])
async def test_every_problem_has_a_page(make_request, status):
    response = await dev.problem(make_request(), None, status=status)
    assert response.status_code == status
    assert Page(response.body.decode()).open == []


def test_an_error_is_tied_to_its_field(show):
    text = show('{{ text_field("phone", "Phone", hint="How", error="Wrong") }}')
    assert 'aria-describedby="phone-hint phone-error"' in text
    assert 'aria-invalid="true"' in text


def test_a_field_without_error_says_nothing_of_one(show):
    text = show('{{ text_field("phone", "Phone") }}')
    assert "aria-invalid" not in text
    assert "aria-describedby" not in text


def test_the_list_of_mistakes_leads_to_the_fields_and_is_absent_without_any(show):
    text = show('{{ error_summary({"phone": "Wrong", "": "Everything"}) }}')
    assert '<a href="#phone">Wrong</a>' in text
    assert "<li>Everything</li>" in text
    assert show("{{ error_summary({}) }}") == ""


def test_what_was_chosen_stays_chosen(show):
    options = [["1", "One"], {"value": 2, "text": "Two"}]
    assert '<option value="2" selected>' in show(
        '{{ select_field("n", "N", options, value="2") }}', options=options
    )
    assert (
        show('{{ radio_group("n", "N", options, value=1) }}', options=options).count(" checked")
        == 1
    )


def test_values_are_escaped_in_attributes_and_text(show):
    text = show('{{ text_field("n", v, value=v) }}{{ textarea("m", v, value=v) }}', v='"><b>')
    assert "<b>" not in text


def test_a_textarea_keeps_the_first_line_break(show):
    # HTML drops one line break after the opening tag; ours is there to be dropped.
    assert ">\n\nx</textarea>" in show('{{ textarea("m", "M", value=v) }}', v="\nx")


@pytest.mark.parametrize("state", ["safe", "some-risk", "unsafe", "unknown"])
def test_a_state_is_a_word_and_an_icon_beside_its_colour(show, catalogs, state):
    text = show("{{ state_badge(state) }}", state=state)
    assert catalogs.translate("vi", f"components-state-{state}") in text
    assert "<svg" in text


def test_a_state_nobody_knows_is_unknown(show):
    assert "state-unknown" in show('{{ state_badge("purple") }}')


def test_cells_of_a_table_carry_their_column_for_the_phone(show):
    text = show('{{ data_table([{"key": "a", "label": "Case"}], [{"a": "<x>"}]) }}')
    assert '<td data-label="Case">&lt;x&gt;</td>' in text


def test_a_table_without_rows_says_so(show, catalogs):
    text = show('{{ data_table(["A", "B"], []) }}')
    assert catalogs.translate("vi", "components-table-empty") in text


def test_no_pager_where_there_is_one_page(show):
    assert show("{{ pager() }}") == ""


async def test_theme_goes_back_to_the_page_and_never_to_another_host(make_request):
    response = await home.choose_theme(make_request(), None, theme="dark", back="//evil.example/x")
    assert response.headers["location"] == "/evil.example/x"
    assert response.headers["set-cookie"].startswith("theme=dark;")
