"""A calculation whose server is stopped and started again: what its page says, and that it goes on."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from opened import WAIT_MS, own_copy
from playwright.sync_api import expect
from test_suggesting import long_question

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 6 * WAIT_MS


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@contextmanager
def running(database: Path, port: int):
    """Run the service as it is run in an office, and stop it as a machine does that shuts down."""
    process = subprocess.Popen(
        [sys.executable, "-m", "planning.cli", "serve", "--port", str(port)], cwd=ROOT,
        env={**os.environ, "DIEMTHU_DATABASE": str(database)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert f":{port}/" in process.stdout.readline()
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def test_the_page_of_a_calculation_finds_it_again_after_a_restart(browser, demonstration, tmp_path):
    database, port = own_copy(demonstration, tmp_path), free_port()
    address = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    lost, figure = page.locator('[data-part="lost"]'), page.locator('[data-part="figure"]')
    with running(database, port):
        long_question(page)
        here = page.url
        expect(figure).to_contain_text("Khoảng cách", timeout=PATIENCE_MS)
        expect(lost).to_be_empty()
    assert not answers(address)
    expect(lost).to_contain_text("Máy chủ không trả lời")
    with running(database, port):
        expect(lost).to_be_empty(timeout=PATIENCE_MS)
        assert page.url == here
        # The same job, taken up by another process, tells again how far it is.
        expect(page.locator('[data-part="sentence"]')).to_be_empty(timeout=PATIENCE_MS)
        expect(figure).to_contain_text("Khoảng cách", timeout=PATIENCE_MS)
        page.get_by_role("button", name="Hủy", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("đã bị hủy")
    context.close()
