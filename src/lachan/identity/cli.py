"""`lachan officers`, `lachan keys` and `lachan audit`: what is done at the server itself.

Only names and help stand here: the work, and what it loads, is in `commands`, so that every other
command starts without it.
"""

from typing import Annotated

import typer

officers = typer.Typer(no_args_is_help=True, help="Officers: the first administrator.")
keys = typer.Typer(no_args_is_help=True, help="The keys that seal personal data.")
audit = typer.Typer(no_args_is_help=True, help="The audit trail.")


@officers.callback()
def _officers() -> None:
    """Officers: the first administrator."""


@officers.command("create")
def create_officer(
    login: Annotated[str, typer.Option(help="What the officer types to sign in")],
    name: Annotated[str, typer.Option(help="Name and unit, as people will read it")],
    role: Annotated[str, typer.Option(help="admin, tracer, auditor, ...")] = "admin",
    area: Annotated[str, typer.Option(help="Path of the area: VN, VN.01, VN.01.00004")] = "VN",
) -> None:
    """Make an officer and print the temporary password and the authenticator's secret, once."""
    from lachan.identity import commands  # noqa: PLC0415 - each command loads only its own

    commands.create_officer(login, name, role, area)


@keys.command("status")
def keys_status() -> None:
    """Which keys there are, and how many sealed values each of them wraps."""
    from lachan.identity import commands  # noqa: PLC0415 - each command loads only its own

    commands.keys_status()


@keys.command("rotate")
def keys_rotate(
    *,
    resume: Annotated[
        bool, typer.Option("--resume", help="Make no new key; go on rewrapping by the active one")
    ] = False,
) -> None:
    """Make a new key in the key file and wrap every sealed value by it; safe to interrupt."""
    from lachan.identity import commands  # noqa: PLC0415 - each command loads only its own

    commands.keys_rotate(resume=resume)


@audit.callback()
def _audit() -> None:
    """The audit trail."""


@audit.command("verify")
def audit_verify(
    expect: Annotated[
        str, typer.Option(help="A head noted earlier, as ID:HASH; finds a chain made up anew")
    ] = "",
) -> None:
    """Recompute the whole chain of hashes; exit code 1 and the first broken entry if it fails."""
    from lachan.identity import commands  # noqa: PLC0415 - each command loads only its own

    commands.audit_verify(expect)
