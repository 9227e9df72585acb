"""Every error code has a title and a sentence in both languages."""

import pkgutil
from importlib import import_module

import lachan
from lachan.kit.errors import all_problems
from lachan.kit.i18n import LANGUAGES, Catalogs


def test_every_error_speaks_both_languages() -> None:
    for module in pkgutil.walk_packages(lachan.__path__, "lachan."):
        if module.name.endswith(".errors"):
            import_module(module.name)
    catalogs = Catalogs()
    silent = [
        (code, language)
        for code in all_problems()
        for language in LANGUAGES
        for key in (f"error-{code}", f"error-{code}-title")
        if not catalogs.has(key, language)
    ]
    assert silent == []
