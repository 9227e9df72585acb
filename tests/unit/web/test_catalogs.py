"""Both languages say everything, and every sentence that a page asks for exists."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from lachan.kit import i18n

SOURCE = Path(i18n.__file__).parents[1]
LOCALES = SOURCE / "web/locales"

# t("key") and translate(lang, "key"); a key that ends in "-" and is joined to a name is a family.
_IN_TEMPLATE = re.compile(r"""\bt\(\s*"(?P<key>[a-z0-9-]+)"\s*(?P<joined>~)?""")
_IN_PYTHON = re.compile(r"""\btranslate\(\s*[^,()]+(?:\([^()]*\))?,\s*"(?P<key>[a-z0-9-]+)\"""")


class Arguments(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):  # noqa: N802 - the visitor's own naming
        self.names.add(node.id.name)


def messages(lang):
    found = {}
    for path in sorted((LOCALES / lang).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message):
                arguments = Arguments()
                arguments.visit(entry)
                found[path.name, entry.id.name] = arguments.names
    return found


def used_keys():
    for path in sorted((SOURCE / "web/templates").rglob("*.html")):
        for match in _IN_TEMPLATE.finditer(path.read_text(encoding="utf-8")):
            yield path.name, match["key"], bool(match["joined"])
    for path in sorted(SOURCE.rglob("*.py")):
        for match in _IN_PYTHON.finditer(path.read_text(encoding="utf-8")):
            yield path.name, match["key"], False


def test_both_languages_have_the_same_keys_in_the_same_files():
    assert set(messages("vi")) == set(messages("en"))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_no_two_messages_share_a_key(lang):
    keys = [
        entry.id.name
        for path in sorted((LOCALES / lang).glob("*.ftl"))
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body
        if isinstance(entry, ast.Message)
    ]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_translations_take_no_argument_that_vietnamese_does_not_have():
    # Both may leave one out: a plural form is one that Vietnamese has no need of.
    vi, en = messages("vi"), messages("en")
    assert {key: en[key] - vi[key] for key in vi if en[key] - vi[key]} == {}


def test_every_sentence_that_is_asked_for_exists(catalogs):
    keys = {key for _, key in messages("vi")}
    used = list(used_keys())
    assert len(used) > 50
    missing = [
        (where, key)
        for where, key, family in used
        if not (any(k.startswith(key) for k in keys) if family else catalogs.has(key))
    ]
    assert missing == []


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_sentences_are_composed_unicode(lang):
    # Decomposed Vietnamese looks the same and is found by no search.
    for path in (LOCALES / lang).glob("*.ftl"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\u0300-\u036f]", text), path.name
