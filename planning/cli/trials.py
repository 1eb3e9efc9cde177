"""Commands for trying things out: demonstration data and benchmarks."""

from pathlib import Path
from typing import Any

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console, to_be_written


@click.group()
def demo() -> None:
    """Demonstration data, always labelled “Dữ liệu minh họa”."""


@demo.command()
@pass_console
def province(console: Console) -> None:
    """Load the demonstration province (code 99): boundaries, people, network, register, results."""
    from planning.services.demo import load_province  # noqa: PLC0415 - heavy, only when needed

    console.progress(N_("Loading the demonstration province …"))
    code = load_province(console.store(create=True), by=console.by)
    console.tell(N_("Province %(province)s is loaded. Demonstration data (Dữ liệu minh họa)."),
                 province=code)  # fmt: skip


@demo.command()
@click.option("--profile", required=True, help="an-giang-2025q1 or nghe-an-2023.")
@click.option("--province", metavar="CODE", help="Province (default: the profile's own).")
@pass_console
def network(console: Console, profile: str, province: str | None) -> None:
    """Lay a network with published totals, its register and results on a province's boundaries."""
    from planning.services.demo import lay  # noqa: PLC0415 - heavy, only when needed

    for note in lay(console.store(), profile, province, by=console.by):
        console.progress("  %(note)s", note=console.say(note))
    console.tell(N_("The network is laid. Demonstration data (Dữ liệu minh họa)."))


@click.group()
def bench() -> None:
    """Measure this machine: seconds, memory and ratios against a peer or a bound."""


DATA = click.option(
    "--data", type=click.Path(path_type=Path), envvar="DIEMTHU_REAL_DATA",
    default=Path("../shared/data"), help="Folder of the real files.",
)  # fmt: skip


@bench.command(name="province")
@DATA
def bench_province(data: Path) -> None:
    """The whole job on real An Giang and Nghệ An, from import to map."""
    from planning.benchmarks.province import measure  # noqa: PLC0415 - heavy, only when needed

    for line in measure(data):
        click.echo(line)


@bench.command(name="import")
@DATA
@click.option(
    "--points",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="How many points the made-up lists have.",
)
def bench_import(data: Path, points: int) -> None:
    """Lists of points and boundaries examined, beside the bare cost of opening them."""
    from planning.benchmarks.imports import measure  # noqa: PLC0415 - heavy, only when needed

    for line in measure(data, points):
        click.echo(line)


@bench.command(name="packet")
@click.option(
    "--proposals",
    type=click.IntRange(1),
    default=200,
    show_default=True,
    help="How many proposals the round has.",
)
def bench_packet(proposals: int) -> None:
    """The documents of a review round, beside bare typst on an equal table."""
    from planning.benchmarks.packet import measure  # noqa: PLC0415 - heavy, only when needed

    for line in measure(proposals):
        click.echo(line)


@bench.command(name="review")
@DATA
def bench_review(data: Path) -> None:
    """500 proposals measured and one priced on real provinces, beside a plain recount."""
    from planning.benchmarks.review import measure  # noqa: PLC0415 - heavy, only when needed

    for line in measure(data):
        click.echo(line)


@bench.command(name="register")
@click.option("--points", type=click.IntRange(10), default=5_000, show_default=True)
@click.option("--staff", "staff_per_point", type=click.IntRange(1, 10), default=2,
              show_default=True, help="How many staff every point has.")  # fmt: skip
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    callback=to_be_written,
    help="Write all figures to this file.",
)
@pass_console
def bench_register(
    console: Console, points: int, staff_per_point: int, json_file: Path | None
) -> None:
    """A made-up register imported, then each of its pages, beside bare reading and counting."""
    from planning.benchmarks.register import RegisterBench  # noqa: PLC0415 - heavy, only when needed
    from planning.benchmarks.register_files import Size  # noqa: PLC0415 - heavy, only when needed

    measured = RegisterBench(Size(points=points, staff=points * staff_per_point))
    for line in measured.lines():
        click.echo(line)
    console.json(json_file, measured.result)


@bench.command(name="workload")
@DATA
def bench_workload(data: Path) -> None:
    """Workload of real provinces beside PySAL's access, and what to add next."""
    from planning.benchmarks.workload import measure  # noqa: PLC0415 - heavy, only when needed

    for line in measure(data):
        click.echo(line)


@bench.command(name="page")
@click.option("--province", metavar="CODE", help="Two-digit code of the province.")
@pass_console
def bench_page(console: Console, province: str | None) -> None:
    """The map page: bytes sent cold, server time, seconds to ready in a browser."""
    from planning.benchmarks.page import measure_page  # noqa: PLC0415 - heavy, only when needed
    from planning.services.requests import only_province  # noqa: PLC0415 - heavy, only when needed

    store = console.store()
    for key, value in measure_page(store, only_province(store, province)).items():
        if key != "files":
            click.echo(f"{key}: {value}")
            continue
        for file in value:
            click.echo(f"  {file['bytes']:8d} bytes  {file['first_s']:.3f} s  {file['path']}")


@bench.command(name="web")
@DATA
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    callback=to_be_written,
    help="Write all figures to this file.",
)
@pass_console
def bench_web(console: Console, data: Path, json_file: Path | None) -> None:
    """Every page cold in a browser, the table of 34 provinces, and a what-if's p95."""
    from planning.benchmarks.web import WebBench  # noqa: PLC0415 - heavy, only when needed

    measured = WebBench(data)
    for line in measured.lines():
        click.echo(line)
    console.json(json_file, measured.result)


OBJECTIVES = ("most people", "fewest points", "mean distance", "worst distance")


@bench.command(name="siting")
@click.option(
    "--case", "names", multiple=True, metavar="NAME", help="Only this case; again for more."
)
@click.option("--list", "listed", is_flag=True, help="Name the cases.")
@click.option("--quick", is_flag=True, help="Only the cases of seconds.")
@click.option(
    "--peer-seconds",
    type=click.FloatRange(1),
    default=300.0,
    show_default=True,
    help="How long spopt's solver may take.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=7, show_default=True)
@click.option(
    "--orlib",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Instead of the cases: an OR-Library file, or distances with weights as CSV.",
)
@click.option("--optimum", type=float, help="With --orlib: the known best value.")
@click.option("--objective", type=click.Choice(OBJECTIVES), help="With --orlib: what is asked.")
@click.option("--points", type=click.IntRange(1), help="With --orlib: how many points.")
@click.option("--radius", type=click.FloatRange(0), help="With --orlib: what distance is served.")
@click.option("--budget", type=click.IntRange(0), help="With --orlib: what the sites may cost.")
@click.option("--number", type=click.IntRange(1), default=1, help="With --orlib: which of several.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    callback=to_be_written,
    help="Write all figures to this file.",
)
@DATA
@pass_console
def bench_siting(console: Console, json_file: Path | None, **options: Any) -> None:
    """The siting engine: people, bound, gap, seconds, memory, beside spopt and clustering."""
    from planning.benchmarks.siting import Asked, SitingBench  # noqa: PLC0415 - heavy, only when needed
    from planning.benchmarks.siting_cases import CASES  # noqa: PLC0415 - heavy, only when needed

    if options["listed"]:
        for case in CASES:
            click.echo(f"{case.name:20s} {case.title}")
        return
    if options["orlib"] is not None:
        console.json(json_file, _published(options))
        return
    bench = SitingBench(Asked(options["names"], options["quick"], options["data"],
                              options["peer_seconds"], options["seed"]))  # fmt: skip
    for line in bench.lines():
        click.echo(line)
    console.json(json_file, bench.as_dict())


def _published(options: dict[str, Any]) -> dict[str, Any]:
    """Put a published file to the solver, say the figures and return them."""
    from planning.benchmarks.published import PublishedBench  # noqa: PLC0415 - heavy, only when needed
    from planning.model.siting import Objective  # noqa: PLC0415 - heavy, only when needed
    from planning.siting.instances import Wanted  # noqa: PLC0415 - heavy, only when needed

    objective = Objective(options["objective"]) if options["objective"] else None
    wanted = Wanted(objective, options["points"], options["radius"], options["budget"],
                    options["number"])  # fmt: skip
    bench = PublishedBench(options["orlib"], wanted, options["optimum"], seed=options["seed"])
    for line in bench.lines():
        click.echo(line)
    return bench.result
