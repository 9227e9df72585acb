"""Sealed values open only whole, in their own record, with the right key, and survive rotation."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.crypto import (
    KeyFileError,
    SealBroken,
    ensure_keyring,
    key_id,
    load_keyring,
    new_keyring,
    rotated,
    save_keyring,
)

keyring = new_keyring()


@given(st.binary(max_size=500))
def test_opens_what_it_sealed(text: bytes) -> None:
    assert keyring.unseal(keyring.seal(text, about="identity:1"), about="identity:1") == text


@given(st.binary(min_size=1, max_size=50), st.data())
def test_any_changed_byte_is_found(text: bytes, data: st.DataObject) -> None:
    sealed = bytearray(keyring.seal(text, about="identity:1"))
    where = data.draw(st.integers(0, len(sealed) - 1))
    sealed[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        keyring.unseal(bytes(sealed), about="identity:1")


def test_a_seal_does_not_open_in_another_record() -> None:
    sealed = keyring.seal(b"0912", about="identity:1")
    with pytest.raises(SealBroken):
        keyring.unseal(sealed, about="identity:2")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"x" * 40, b"\x01\x00\x01" + b"0" * 200])
def test_rubbish_is_refused(broken: bytes) -> None:
    with pytest.raises(SealBroken):
        keyring.unseal(broken, about="identity:1")


def test_rotation_keeps_the_text_and_changes_the_key() -> None:
    sealed = keyring.seal(b"0912", about="identity:1")
    newer = rotated(keyring)
    moved = newer.rewrap(sealed, about="identity:1")
    assert (key_id(sealed), key_id(moved)) == (1, 2)
    assert newer.unseal(moved, about="identity:1") == b"0912"
    assert newer.unseal(sealed, about="identity:1") == b"0912"
    assert newer.rewrap(moved, about="identity:1") == moved
    with pytest.raises(SealBroken):
        keyring.unseal(moved, about="identity:1")
    assert newer.blind_index("phone", "1") == keyring.blind_index("phone", "1")


def test_indexes_of_different_purposes_differ() -> None:
    assert keyring.blind_index("phone", "1") != keyring.blind_index("document", "1")
    assert keyring.blind_index("phone", "1") != new_keyring().blind_index("phone", "1")


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = ensure_keyring(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ensure_keyring(path) == made
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keyring(path)


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeyFileError, match="there is no key file"):
        load_keyring(path)
    path.touch(0o600)
    with pytest.raises(KeyFileError, match="cannot be read"):
        load_keyring(path)
    save_keyring(path, new_keyring())
    load_keyring(path)
