"""Authenticator codes and passwords."""

import pyotp
import pytest

from lachan.identity.errors import PasswordWeak
from lachan.identity.officers import secrets

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_a_code_is_good_for_its_step_and_one_beside_it() -> None:
    moment = 1_700_000_010.0
    step = int(moment // 30)
    codes = {ahead: pyotp.TOTP(SECRET).at(moment + 30 * ahead) for ahead in range(-2, 3)}
    for ahead, code in codes.items():
        expected = step + ahead if abs(ahead) <= 1 else None
        assert secrets.totp_step(SECRET, code, moment) == expected, ahead
    for wrong in ("", "12345", "1234567", "abcdef", "１２３４５６"):
        assert secrets.totp_step(SECRET, wrong, moment) is None


async def test_passwords_are_hashed_as_recommended_and_nobody_has_the_empty_one() -> None:
    hashed = await secrets.hash_password("mot-mat-khau-dai")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await secrets.password_matches(hashed, "mot-mat-khau-dai")
    assert not await secrets.password_matches(hashed, "mot-mat-khau-dai ")
    assert not await secrets.password_matches(None, "")
    assert not await secrets.password_matches("none", "none")


def test_weak_passwords_are_refused_and_ours_are_not() -> None:
    for weak in ("short", "a" * 16, "le.moi-123456789", "x" * 300):
        with pytest.raises(PasswordWeak):
            secrets.check_password(weak, "le.moi")
    for _ in range(20):
        secrets.check_password(secrets.temporary_password(), "le.moi")
