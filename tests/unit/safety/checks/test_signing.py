"""A certificate is read back as it was signed, and no other address is one."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.crypto import Keyring, ensure_keyring, new_keyring
from lachan.safety.checks.signing import Certificate, public_key, read, sign

certificates = st.builds(
    Certificate,
    place_id=st.integers(1, 2**63 - 1),
    set_id=st.integers(1, 2**63 - 1),
    day=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    score=st.integers(0, 32_767),
    maximum=st.integers(0, 32_767),
    streak=st.integers(0, 2**31 - 1),
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return ensure_keyring(Path(tmp_path_factory.mktemp("keys")) / "keys.json")


@given(certificates, st.integers(0, 2**32))
def test_only_what_we_signed_is_read(keys: Keyring, certificate: Certificate, where: int) -> None:
    token = sign(keys, certificate)
    assert len(token) < 130
    assert read(keys, token) == certificate
    place = where % len(token)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert read(keys, changed) is None
    assert read(keys, token[:-1]) is None
    assert read(keys, token + "A") is None


@given(st.text(max_size=200))
def test_anything_else_is_no_certificate(keys: Keyring, token: str) -> None:
    assert read(keys, token) is None


def test_another_deployment_signs_otherwise(keys: Keyring) -> None:
    certificate = Certificate(1, 1, date(2026, 11, 23), 10, 10, 5)
    other = new_keyring()
    assert read(other, sign(keys, certificate)) is None
    assert public_key(other) != public_key(keys)
