"""`lachan drill`: rehearse an outbreak on a running system."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Annotated

import orjson
import typer

app = typer.Typer()


@app.command()
def drill(
    *,
    url: Annotated[str, typer.Option(help="Address of the running system")] = (
        "http://localhost:8000"
    ),
    login: Annotated[
        str, typer.Option(envvar="LACHAN_DRILL_LOGIN", help="An officer, both admin and tracer")
    ] = "drill.hanoi",
    password: Annotated[
        str, typer.Option(envvar="LACHAN_DRILL_PASSWORD", prompt=True, hide_input=True)
    ],
    totp_secret: Annotated[
        str, typer.Option(envvar="LACHAN_DRILL_TOTP_SECRET", help="Secret of the second factor")
    ] = "",
    people: Annotated[int, typer.Option(min=2, max=50_000, help="Synthetic people")] = 1_000,
    places: Annotated[int, typer.Option(min=2, max=5_000, help="Places they go to")] = 60,
    days: Annotated[int, typer.Option(min=1, max=7, help="Days they look back on")] = 3,
    cases: Annotated[int, typer.Option(min=1, max=50, help="Confirmed cases")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed makes the same plan")] = 1,
    disease: Annotated[str, typer.Option(help="Code of the disease profile")] = "covid-19",
    area: Annotated[
        str | None, typer.Option(help="Where they live; default: the officer's area")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=500, help="Requests at a time")] = 32,
    zone: Annotated[
        str, typer.Option(help="Time zone of the system, which decides what a day is")
    ] = "Asia/Ho_Chi_Minh",
    as_json: Annotated[
        bool, typer.Option("--json", help="Figures as JSON on standard output")
    ] = False,
) -> None:
    """Rehearse an outbreak on a running system: synthetic people, scans, cases, traces, warnings.

    Speaks to the system only as any program could, compares what it did with what is known to be
    right, and removes everything again. Ends with 1 when anything was lost, doubled, or missed.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - the command line starts faster without these

    from rich import progress as bars  # noqa: PLC0415 - as above
    from rich.console import Console  # noqa: PLC0415 - as above

    from lachan.drill.client import DrillError  # noqa: PLC0415 - as above
    from lachan.drill.figures import show  # noqa: PLC0415 - as above
    from lachan.drill.rehearsal import Wishes, hold  # noqa: PLC0415 - as above

    wishes = Wishes(
        people=people,
        places=places,
        days=days,
        seed=seed,
        cases=cases,
        disease=disease,
        concurrency=concurrency,
        area=area,
        label=f"Drill {datetime.now(UTC):%Y-%m-%d %H:%M}",
        zone=ZoneInfo(zone),
    )
    errors = Console(stderr=True)
    columns = (
        "{task.description}",
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=errors) as progress:
        steps: dict[str, bars.TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = progress.add_task(step, total=total)
            progress.update(steps[step], completed=done, total=total)

        try:
            figures = asyncio.run(hold(url, login, password, totp_secret, wishes, tell))
        except DrillError as error:
            errors.print(f"lachan drill: {error}", style="red", markup=False)
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            errors.print("lachan drill: stopped; what it had made is removed")
            raise typer.Exit(130) from None
    if as_json:
        text = orjson.dumps(figures.as_json(), option=orjson.OPT_INDENT_2).decode()
        sys.stdout.write(f"{text}\n")
    else:
        show(figures, Console())
    if not figures.good:
        raise typer.Exit(1)
