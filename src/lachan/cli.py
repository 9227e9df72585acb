"""The command line: `lachan serve`, `lachan worker`, and what else a deployment needs."""

import asyncio
from typing import Annotated

import typer

from lachan.areas.cli import app as areas_commands
from lachan.demo.cli import app as demo_commands
from lachan.drill.cli import app as drill_commands
from lachan.identity.cli import audit as audit_commands
from lachan.identity.cli import keys as keys_commands
from lachan.identity.cli import officers as officers_commands
from lachan.kit.crypto import KeyFileError, Keyring, ensure_keyring, load_keyring
from lachan.run.cli import app as run_commands
from lachan.settings import Settings
from lachan.storage.roles import RoleUrls, role_urls

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_show_locals=False, rich_markup_mode="rich"
)
app.add_typer(run_commands)
app.add_typer(areas_commands, name="areas")
app.add_typer(demo_commands, name="demo")
app.add_typer(drill_commands)
app.add_typer(audit_commands, name="audit")
app.add_typer(keys_commands, name="keys")
app.add_typer(officers_commands, name="officers")


def _ready() -> tuple[Settings, RoleUrls, Keyring]:
    """Settings, database URLs and keys of a serving process, or a clear refusal."""
    settings = Settings()
    owner = settings.database.url
    try:
        keyring = load_keyring(settings.keys_path)
        urls = role_urls(settings.database, owner.get_secret_value() if owner else None, keyring)
    except (KeyFileError, ValueError) as error:
        typer.echo(f"lachan: {error}", err=True)
        raise typer.Exit(2) from None
    return settings, urls, keyring


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Overrides LACHAN_WEB_PORT")] = None,
) -> None:
    """Serve web pages and the API."""
    import uvicorn  # noqa: PLC0415 - other commands start faster without it

    from lachan.app import create_app  # noqa: PLC0415
    from lachan.observe import set_up_logs  # noqa: PLC0415

    settings, urls, keyring = _ready()
    set_up_logs(settings.log)
    uvicorn.run(
        create_app(settings, urls, keyring),
        host=settings.web.host,
        port=port or settings.web.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=settings.web.trusted_proxies,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
    )


@app.command()
def worker() -> None:
    """Run jobs: traces, warnings, text messages, retention."""
    from lachan.jobs.queue import JobContext  # noqa: PLC0415
    from lachan.jobs.registry import all_jobs  # noqa: PLC0415
    from lachan.jobs.worker import work  # noqa: PLC0415
    from lachan.observe import set_up_logs  # noqa: PLC0415
    from lachan.storage.engine import open_worker_engine  # noqa: PLC0415

    settings, urls, keyring = _ready()
    set_up_logs(settings.log)

    async def main_loop() -> None:
        engine = open_worker_engine(urls)
        try:
            await work(urls, JobContext(engine, keyring, settings), all_jobs())
        finally:
            await engine.dispose()

    asyncio.run(main_loop())


@app.command()
def migrate() -> None:
    """Bring the database named by LACHAN_DATABASE_URL to the newest shape."""
    from lachan.storage.migrate import migrate_now  # noqa: PLC0415

    settings = Settings()
    if settings.database.url is None:
        typer.echo(
            "lachan: set LACHAN_DATABASE_URL to the owner's URL; `lachan run` migrates its own"
            " server by itself",
            err=True,
        )
        raise typer.Exit(2)
    keyring = ensure_keyring(settings.keys_path)
    migrate_now(settings.database.url.get_secret_value(), keyring)
    typer.echo("The database is up to date.")


def main() -> None:
    """The entry point of the `lachan` command."""
    app()
