"""Asking for the password once more on the page of a grave act itself."""

from fastapi import Request

from lachan.identity.limits import address_of, limits_of
from lachan.identity.officers import sign_in
from lachan.kit.http.access import Viewer


async def confirm_with(request: Request, viewer: Viewer, password: str) -> bool:
    """Take the password once more; False when it is wrong.

    Committed on its own, before the act: a wrong try is counted although the act is refused.
    Raises `TooManyRequests`.
    """
    state = request.app.state
    limits_of(request).officers.check(address_of(request))
    async with state.storage.transaction(viewer.token) as connection:
        return await sign_in.confirm(connection, state.keyring, state.settings, viewer, password)
