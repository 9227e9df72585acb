"""`lachan demo`: fill a database with the demo province, and show the codes to sign in with."""

import asyncio

import typer

from lachan.settings import Settings

app = typer.Typer(help="A demo province to look around in; development only")


@app.command()
def fill() -> None:
    """Fill the database named by LACHAN_DATABASE_URL; does nothing where people exist."""
    from lachan.demo import fill as demo  # noqa: PLC0415 - each command loads only its own
    from lachan.kit.crypto import ensure_keyring  # noqa: PLC0415

    settings = Settings()
    if settings.database.url is None:
        typer.echo(
            "lachan: `lachan run` fills the demo into its own server by itself; for another, set"
            " LACHAN_DATABASE_URL to its owner's URL",
            err=True,
        )
        raise typer.Exit(2)
    url = settings.database.url.get_secret_value()
    keyring = ensure_keyring(settings.keys_path)
    try:
        lines = asyncio.run(demo.fill(settings, url, keyring, typer.echo))
    except (demo.DemoRefused, demo.AreasMissing) as error:
        typer.echo(f"lachan: {error}", err=True)
        raise typer.Exit(2) from None
    for line in lines:
        typer.echo(line)


@app.command()
def codes() -> None:
    """Show the authenticator codes of the demo officers at this moment."""
    from lachan.demo.logins import OFFICERS, PASSWORD, totp_now  # noqa: PLC0415

    typer.echo(f"Password of all: {PASSWORD}")
    for officer in OFFICERS:
        typer.echo(f"{officer.login:<16} {totp_now(officer.login)}")
