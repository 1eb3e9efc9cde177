"""Commands for trying things out: demonstration data and benchmarks."""

from pathlib import Path

import click

from geo.errors import N_
from planning.cli.output import Console, pass_console


@click.group()
def demo() -> None:
    """Demonstration data, always labelled “Dữ liệu minh họa”."""


@demo.command()
@pass_console
def province(console: Console) -> None:
    """Load the demonstration province (code 99): boundaries, people, network."""
    from planning.services.demo import load_province  # noqa: PLC0415 - heavy, only when needed

    console.progress(N_("Loading the demonstration province …"))
    code = load_province(console.store(create=True))
    console.tell(N_("Province %(province)s is loaded. Demonstration data (Dữ liệu minh họa)."),
                 province=code)  # fmt: skip


@demo.command()
@click.option("--profile", required=True, help="an-giang-2025q1 or nghe-an-2023.")
@click.option("--province", metavar="CODE", help="Province (default: the profile's own).")
@pass_console
def network(console: Console, profile: str, province: str | None) -> None:
    """Lay a network with published totals on a province's boundaries."""
    from planning.services.demo import lay  # noqa: PLC0415 - heavy, only when needed

    for note in lay(console.store(), profile, province):
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
