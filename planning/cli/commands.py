"""The tree of commands, and those that run the system itself."""

import errno
import signal
import sys
from dataclasses import replace

import click

from geo.errors import N_, Refusal
from planning.cli.accounts import user
from planning.cli.attending import attention
from planning.cli.checking import compliance
from planning.cli.imports import import_
from planning.cli.loading import workload
from planning.cli.measures import assess, export, gaps, standard, suggest
from planning.cli.output import Console, RefusingGroup, pass_console
from planning.cli.replaying import replay
from planning.cli.restating import restate
from planning.cli.results import results
from planning.cli.rounds import round_
from planning.cli.trail import audit
from planning.cli.trials import bench, demo
from planning.model.errors import NotReadyError
from planning.settings import SETTINGS, Settings


@click.group(cls=RefusingGroup)
@click.version_option(package_name=None, version="0.1.0", prog_name="diemthu")
@click.pass_context
def cli(context: click.Context) -> None:
    """Plan the network of social-insurance collection points of a province.

    Settings come from the environment (see “diemthu settings”); DIEMTHU_DATABASE names the
    database. Exit status: 0 done, 1 refused with one sentence, 2 a command written wrongly.
    """
    context.obj = Console(Settings.from_environment())
    context.call_on_close(context.obj.close)


@cli.command()
@click.option("--host", help="Address to listen on (default: setting host).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (default: setting port).")
@pass_console
def serve(console: Console, host: str | None, port: int | None) -> None:
    """Serve the pages, and do the long calculations that they are asked for."""
    from waitress import create_server  # noqa: PLC0415 - only this command serves

    from planning.bootstrap import open_supervisor  # noqa: PLC0415 - only this command serves
    from planning.jobs.readiness import Readiness  # noqa: PLC0415 - only this command serves
    from planning.services import accounts  # noqa: PLC0415 - only this command serves
    from planning.web import access, create_app  # noqa: PLC0415 - only this command serves

    settings = replace(
        console.settings, host=host or console.settings.host, port=port or console.settings.port
    )
    host, port = settings.host, settings.port
    try:
        app = create_app(settings)
        # What a proxy says of a request is judged by the application, which knows whether there is one.
        server = create_server(app, host=host, port=port, threads=settings.threads, ident=None,
                               clear_untrusted_proxy_headers=False)  # fmt: skip
    except (OSError, ValueError) as error:
        click.echo(console.say(_unheard(error)) % {"host": host, "port": port}, err=True)
        sys.exit(2)
    if not access.may_be_alone(settings) and not accounts.anyone(console.store()):
        server.close()
        raise NotReadyError(access.NEEDS_ACCOUNTS, host=host)
    supervisor = open_supervisor(settings)
    supervisor.start()
    readiness = Readiness(app.extensions["planning"])
    readiness.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    console.tell(N_("Diemthu is at http://%(host)s:%(port)s/"), host=host, port=port)
    try:
        server.run()
    finally:
        readiness.stop()
        supervisor.stop()


def _unheard(error: OSError | ValueError) -> str:
    """Return the sentence for an address that cannot be listened on: its port or its host."""
    # Waitress has no errno for a name that leads nowhere.
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return N_("Port %(port)s of %(host)s is taken; choose another with --port.")
    if code in (errno.EACCES, errno.EPERM):
        return N_("Port %(port)s of %(host)s is not allowed here; choose another with --port.")
    return N_("This machine has no address “%(host)s” to listen on; choose another with --host.")


@cli.group(name="db")
def database() -> None:
    """Look after the database."""


@database.command()
@pass_console
def upgrade(console: Console) -> None:
    """Create the database, or bring it to the version of this program."""
    console.store(create=True)
    console.tell(N_("The database %(path)s is ready."), path=console.settings.database)


@cli.command()
@pass_console
def settings(console: Console) -> None:
    """Print every setting with its value, default and meaning."""
    for each in SETTINGS:
        value = getattr(console.settings, each.name)
        if each.secret and value:
            value = "***"
        if isinstance(value, tuple):
            value = ",".join(value)
        click.echo(f"{each.variable}={value}  (default {each.default})  {console.say(each.help)}")


for command in (
    import_,
    assess,
    gaps,
    suggest,
    replay,
    export,
    standard,
    restate,
    attention,
    workload,
    compliance,
    results,
    round_,
    user,
    audit,
    demo,
    bench,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; a setting that cannot be read is one sentence too."""
    try:
        cli(prog_name="diemthu")
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
