"""What people wrote never reaches a log, not even by way of an error."""

import io
import logging
from collections.abc import Iterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel
from sqlalchemy import create_engine, text

from bot import logs

SECRET = "mamma vil ikke leve lenger, ring 41234567"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


class Strict(BaseModel):
    number: int


def fail_in_validation() -> None:
    Strict(number=SECRET)  # type: ignore[arg-type]


def fail_in_a_query() -> None:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": SECRET})


def fail_with_a_cause() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        raise RuntimeError(f"because of {SECRET}") from error


@pytest.mark.parametrize("fail", [fail_in_validation, fail_in_a_query, fail_with_a_cause])
def test_an_errors_words_stay_out_and_its_place_is_told(written: io.StringIO, fail) -> None:  # type: ignore[no-untyped-def]
    try:
        fail()
    except Exception:
        logging.getLogger("bot.somewhere").exception("it stumbled")
    said = written.getvalue()
    assert "mamma" not in said
    assert "41234567" not in said
    assert fail.__name__ in said


async def test_a_handler_that_fails_tells_no_words_either(written: io.StringIO) -> None:
    async def broken(_request: web.Request) -> web.Response:
        raise ValueError(SECRET)

    app = web.Application()
    app.router.add_get("/", broken)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/")).status == 500
        assert "mamma" not in await (await client.get("/")).text()
    said = written.getvalue()
    assert "ValueError" in said
    assert "mamma" not in said
