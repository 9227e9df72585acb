"""What a failure says of people: nothing, also when the page about the failure fails too."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

SECRET = "Nguyễn Thị Bí Mật"


async def test_an_error_of_the_database_repeats_no_parameter(app: FastAPI) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with app.state.storage.transaction() as connection:
            await connection.execute(text("SELECT :name FROM nowhere"), {"name": SECRET})
    assert SECRET not in str(caught.value)


async def test_a_failing_error_page_is_a_short_answer(
    app: FastAPI,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_args: object, **_context: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(app.state.pages, "render", broken)
    answer = await client.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.text) == (500, "internal")
    assert answer.headers["x-content-type-options"] == "nosniff"
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
