"""What stands on a row, sealed under the row's own name."""

from dataclasses import asdict
from uuid import UUID

import orjson

from lachan.kit.crypto import Keyring
from lachan.visits.paper.domain import Written


def _about(row_id: UUID) -> str:
    return f"paper_row:{row_id}"


def seal(keyring: Keyring, row_id: UUID, written: Written) -> bytes:
    """Seal a row; empty cells are left out."""
    filled = {key: value for key, value in asdict(written).items() if value}
    return keyring.seal(orjson.dumps(filled), about=_about(row_id))


def unseal(keyring: Keyring, row_id: UUID, sealed: bytes) -> Written:
    """What stands on a row. Raises `SealBroken`."""
    return Written(**orjson.loads(keyring.unseal(sealed, about=_about(row_id))))
