"""Where a push may go, and which key signs it."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.identity.push.domain import (
    are_keys,
    decode_key,
    is_allowed,
    is_public,
    public_key,
    wait_seconds,
)
from lachan.kit.crypto import new_keyring
from lachan.settings import Push

HOSTS = Push().hosts


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QABC",
        "https://wns2-par02p.notify.windows.com/w/?token=BQ%3d",
        "https://FCM.googleapis.com:443/x",
    ],
)
def test_the_push_services_of_browsers_are_known(endpoint: str) -> None:
    assert is_allowed(endpoint, HOSTS, ())


@given(st.text(max_size=200))
def test_nothing_else_gets_through(tail: str) -> None:
    for head in ("https://", "http://", "", "https://fcm.googleapis.com@", "//"):
        endpoint = f"{head}{tail}"
        if is_allowed(endpoint, HOSTS, ()):
            assert endpoint.lower().startswith("https://")
            host = urlsplit(endpoint).netloc.lower().removesuffix(":443")
            assert host in HOSTS or any(
                host.endswith(pattern[1:]) for pattern in HOSTS if pattern.startswith("*")
            )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2607:f8b0:4005::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_open_internet(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_our_key_is_the_same_on_every_start_and_another_elsewhere() -> None:
    keyring = new_keyring()
    key = public_key(keyring)
    assert key == public_key(keyring) != public_key(new_keyring())
    assert decode_key(key)[0] == 4
    assert are_keys(key, "AAAAAAAAAAAAAAAAAAAAAA")
    assert not are_keys(key, "AAAA")
    assert not are_keys("é", "AAAAAAAAAAAAAAAAAAAAAA")


def test_patience_grows_and_obeys() -> None:
    waits = [wait_seconds(attempts, None) for attempts in range(1, 7)]
    assert waits == sorted(waits)
    assert waits[0] >= 30
    assert wait_seconds(1, 600) == 600
    assert wait_seconds(20, 10**6) == 3 * 3600
