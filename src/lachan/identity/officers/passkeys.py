"""Passkeys (WebAuthn): registered while signed in, used instead of password and code.

A passkey is two factors in one, so user verification (a finger, a face, a PIN) is required. Each
challenge is kept here for five minutes and answered once.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.identity.domain import tidy_name
from lachan.identity.errors import LastFactor, PasskeyRefused
from lachan.identity.officers.sign_in import SignedIn, check_fresh, open_verified
from lachan.identity.officers.store import PasskeyRow, Self
from lachan.kit import metrics
from lachan.kit.crypto import Keyring, token_hash
from lachan.kit.http.access import Viewer
from lachan.settings import Settings

_KEEP = text(
    "INSERT INTO passkey_challenge (handle_hash, challenge, purpose, officer_id, expires_at) "
    "VALUES (:handle, :challenge, :purpose, :officer, now() + interval '5 minutes')"
)
_TAKE = text(
    "DELETE FROM passkey_challenge WHERE handle_hash = :handle AND purpose = :purpose "
    "AND officer_id IS NOT DISTINCT FROM CAST(:officer AS bigint) "
    "RETURNING challenge, expires_at > now() AS live"
)
_OWN = text("SELECT credential_id, label, created_at, used_at FROM passkey ORDER BY created_at")
_ADD = text(
    "INSERT INTO passkey (credential_id, officer_id, public_key, sign_count, label) "
    "VALUES (:credential, :officer, :key, :count, :label)"
)
_FIND = text("SELECT * FROM lachan_passkey(:credential)")


Purpose = Literal["sign_in", "register"]


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks the authenticator: the domain and the exact origin."""

    domain: str
    origin: str


def site_of(settings: Settings) -> Site:
    """The site that people reach."""
    parts = urlsplit(settings.web.base_url)
    return Site(parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}")


async def _keep(
    connection: AsyncConnection, challenge: bytes, purpose: str, officer: int | None
) -> None:
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    # The challenge is its own handle: 512 random bits that only this browser was told.
    handle = token_hash(webauthn.helpers.bytes_to_base64url(challenge))
    await connection.execute(
        _KEEP,
        {"handle": handle, "challenge": challenge, "purpose": purpose, "officer": officer},
    )


async def take_challenge(
    connection: AsyncConnection, answer: str, purpose: Purpose, officer: int | None
) -> bytes:
    """The challenge that this answer says it answers, if it is ours, unused and young.

    Commit it before the answer is judged: a challenge is gone after one answer, right or wrong.
    Raises `PasskeyRefused`.
    """
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    try:
        raw = orjson.loads(answer)["response"]["clientDataJSON"]
        challenge = webauthn.helpers.parse_client_data_json(
            webauthn.helpers.base64url_to_bytes(raw)
        ).challenge
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    handle = token_hash(webauthn.helpers.bytes_to_base64url(challenge))
    row = (
        await connection.execute(_TAKE, {"handle": handle, "purpose": purpose, "officer": officer})
    ).one_or_none()
    if row is None or not row.live:
        raise PasskeyRefused
    return bytes(row.challenge)


async def own_passkeys(connection: AsyncConnection) -> list[PasskeyRow]:
    """The asking officer's passkeys."""
    rows = await connection.execute(_OWN)
    return [
        PasskeyRow(bytes(row.credential_id), row.label, row.created_at, row.used_at) for row in rows
    ]


async def begin_registration(
    connection: AsyncConnection, settings: Settings, account: Self
) -> bytes:
    """Options for the browser's `credentials.create`, as JSON. Raises `ConfirmFirst`."""
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    await check_fresh(connection)
    site = site_of(settings)
    known = await own_passkeys(connection)
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name="Lá Chắn",
        user_id=str(account.id).encode(),
        user_name=account.login,
        user_display_name=account.display_name,
        exclude_credentials=[
            webauthn.helpers.structs.PublicKeyCredentialDescriptor(id=one.credential_id)
            for one in known
        ],
        authenticator_selection=webauthn.helpers.structs.AuthenticatorSelectionCriteria(
            resident_key=webauthn.helpers.structs.ResidentKeyRequirement.REQUIRED,
            user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    await _keep(connection, options.challenge, "register", account.id)
    return webauthn.options_to_json(options).encode()


async def finish_registration(
    connection: AsyncConnection,
    settings: Settings,
    viewer: Viewer,
    *,
    challenge: bytes,
    answer: str,
    label: str,
) -> None:
    """Keep the passkey that the browser made. Raises `PasskeyRefused`, `ConfirmFirst`."""
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    await check_fresh(connection)
    site = site_of(settings)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, KeyError):
        raise PasskeyRefused from None
    await connection.execute(
        _ADD,
        {
            "credential": made.credential_id,
            "officer": viewer.officer,
            "key": made.credential_public_key,
            "count": made.sign_count,
            "label": tidy_name(label)[:60] or "Passkey",
        },
    )
    await audit.record(
        connection, viewer, "officer.passkey_added", object=f"officer:{viewer.officer}"
    )


async def begin_sign_in(connection: AsyncConnection, settings: Settings) -> bytes:
    """Options for the browser's `credentials.get`, as JSON; they name no account."""
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    options = webauthn.generate_authentication_options(
        rp_id=site_of(settings).domain,
        user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
    )
    await _keep(connection, options.challenge, "sign_in", None)
    return webauthn.options_to_json(options).encode()


async def finish_sign_in(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    *,
    challenge: bytes,
    answer: str,
) -> SignedIn:
    """Let the owner of a passkey in. Raises `PasskeyRefused`."""
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    site = site_of(settings)
    try:
        credential = webauthn.helpers.base64url_to_bytes(orjson.loads(answer)["id"])
    except (ValueError, KeyError, TypeError, webauthn.helpers.exceptions.WebAuthnException):
        raise PasskeyRefused from None
    row = (await connection.execute(_FIND, {"credential": credential})).one_or_none()
    if row is None:
        metrics.SIGN_INS.labels("officer", "refused").inc()
        raise PasskeyRefused
    try:
        shown = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, KeyError):
        metrics.SIGN_INS.labels("officer", "refused").inc()
        raise PasskeyRefused from None
    await connection.execute(
        text("SELECT lachan_passkey_used(:credential, :count)"),
        {"credential": credential, "count": shown.new_sign_count},
    )
    return await open_verified(connection, keyring, settings, row.officer_id, "passkey")


async def remove(connection: AsyncConnection, viewer: Viewer, credential: str) -> None:
    """Remove one of the officer's passkeys.

    Raises `LastFactor`, `PasskeyRefused`, `ConfirmFirst`.
    """
    import webauthn  # noqa: PLC0415 - slow to load, and few requests need it

    await check_fresh(connection)
    try:
        wanted = webauthn.helpers.base64url_to_bytes(credential)
    except ValueError:
        raise PasskeyRefused from None
    if all(one.credential_id != wanted for one in await own_passkeys(connection)):
        raise PasskeyRefused
    removed = await connection.scalar(
        text("SELECT lachan_remove_my_passkey(:credential)"), {"credential": wanted}
    )
    if not removed:
        raise LastFactor
    await audit.record(
        connection, viewer, "officer.passkey_removed", object=f"officer:{viewer.officer}"
    )
