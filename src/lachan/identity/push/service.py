"""Who is told at once, and by which browser."""

from urllib.parse import urlsplit

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity.push import store
from lachan.identity.push.domain import Subscription, are_keys, is_allowed
from lachan.identity.push.errors import EndpointRefused, KeysRefused
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotAllowed
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import Language
from lachan.settings import Push


def index_of(keyring: Keyring, endpoint: str) -> bytes:
    """The blind index of a browser's address."""
    return keyring.blind_index("push endpoint", endpoint)


def _about(index: bytes) -> str:
    return f"push_subscription:{index.hex()}"


def check_subscription(subscription: Subscription, settings: Push) -> None:
    """Raises `EndpointRefused`, `KeysRefused`."""
    if not is_allowed(subscription.endpoint, settings.hosts, settings.test_origins):
        raise EndpointRefused(fields={"endpoint": "push-field-endpoint"})
    if not are_keys(subscription.p256dh, subscription.auth):
        raise KeysRefused(fields={"keys": "push-field-keys"})


async def subscribe(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Push,
    viewer: Viewer,
    subscription: Subscription,
    lang: Language,
) -> None:
    """Tell the asking resident at once by this browser, as long as this session lasts.

    Raises `EndpointRefused`, `KeysRefused`.
    """
    check_subscription(subscription, settings)
    index = index_of(keyring, subscription.endpoint)
    body = {
        "endpoint": subscription.endpoint,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
    }
    kept = await store.subscribe(
        connection,
        index=index,
        sealed=keyring.seal(orjson.dumps(body), about=_about(index)),
        lang=lang,
        client=viewer.client,
    )
    if not kept:
        raise NotAllowed


async def unsubscribe(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, endpoint: str | None
) -> None:
    """Stop telling by this browser, or by any when none is named."""
    if endpoint is None:
        await store.unsubscribe_all(connection, viewer.person)
    else:
        await store.unsubscribe(connection, viewer.person, index_of(keyring, endpoint))


def opened(keyring: Keyring, index: bytes, sealed: bytes) -> Subscription:
    """A kept browser, unsealed. Raises `SealBroken`."""
    return Subscription(**orjson.loads(keyring.unseal(sealed, about=_about(index))))


def service_of(endpoint: str) -> str:
    """The push service behind an address, for a log: never the address itself."""
    return urlsplit(endpoint).hostname or "?"
