"""A provincial review from the first draft to the codes, every role in a browser of its own.

An organisation proposes five points; a checker goes there and corrects one place; a reviewer
sends one back; the approver approves three and refuses one, seeing what that costs; codes
are issued; the packet is made, and reopened when everything has changed; the trail holds.
"""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opened import PROVINCE, WAIT_MS, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_every_page import issues

from planning.database import Database
from planning.model.people import Grant, Role, local_user
from planning.model.proposals import State
from planning.services import accounts, demo, imports
from planning.services.accounts import NewAccount
from planning.services.imports import ImportAsk, Origin
from planning.store import layers, proposals
from planning.store.session import Store
from tests.databases import Databases

pytestmark = pytest.mark.browser
LIST, CODE, WORD = f"/{PROVINCE}/proposals", "3456789000", "sông nước chín nhánh xanh"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
Desk = Callable[[str], Page]


@pytest.fixture(scope="module")
def office(
    databases: Databases, empty_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Database]]:
    """Return the address of a service with an account of every role, and its database."""
    folder = tmp_path_factory.mktemp("office")
    made = databases.copy(empty_database)
    store = Store(made)
    demo.load_province(store)
    file = folder / "organisations.csv"
    file.write_text(f"Mã tổ chức,Tên tổ chức dịch vụ thu\n{CODE},Bưu điện tỉnh Minh Họa\n", "utf-8")
    imports.commit(
        store, ImportAsk("organisations", file, Origin(synthetic=True), province=PROVINCE)
    )
    with store.reading() as db:
        newest = layers.vintages(db, PROVINCE)[-1][0]
        communes = layers.load_communes(db, PROVINCE, newest)
    mine = communes[communes["office"] == communes["office"].iloc[0]]
    for name, grant in {
        "quantri": Grant(Role.ADMINISTRATOR, PROVINCE),
        "buudien": Grant(Role.ORGANISATION, PROVINCE, organisation=CODE),
        "coso": Grant(Role.CHECKER, PROVINCE, office=str(mine["office"].iloc[0])),
        "thamdinh": Grant(Role.REVIEWER, PROVINCE),
        "giamdoc": Grant(Role.APPROVER, PROVINCE),
    }.items():
        accounts.add(store, local_user(frozenset({PROVINCE})), NewAccount(name, "", grant), WORD)
    store.close()
    _write_list(folder / "đề nghị.csv", mine)
    with served(made) as address:
        yield address, made, folder
    databases.drop(made)


def _write_list(path: Path, communes) -> None:
    """Write five points to be opened, in five communes of one BHXH cơ sở."""
    lines = ["Đề nghị,Mã tổ chức,Tên điểm thu,Hình thức,Địa chỉ,Vĩ độ,Kinh độ"]
    places = communes.geometry.representative_point()
    for at, place in enumerate(places[:5], start=1):
        lines.append(
            f"Mở mới,{CODE},Điểm thu số {at},Trực tiếp,Ấp {at},{place.y:.6f},{place.x:.6f}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def desk(browser: Browser, office) -> Iterator[Desk]:
    """Return who opens the browser of an account, signed in with a password of its own."""
    contexts: dict[str, tuple[BrowserContext, Page]] = {}
    wrong: list[str] = []

    def opened(name: str) -> Page:
        if name not in contexts:
            phone = name == "coso"
            context = browser.new_context(
                base_url=office[0], viewport=PHONE if phone else DESK, reduced_motion="reduce",
                is_mobile=phone, has_touch=phone,
            )  # fmt: skip
            context.set_default_timeout(WAIT_MS)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            _sign_in(page, name)
            contexts[name] = context, page
        return contexts[name][1]

    yield opened
    for context, _ in contexts.values():
        context.close()
    assert not wrong


def _sign_in(page: Page, name: str) -> None:
    """Sign in as somebody does for the first time: the given password is changed at once."""
    page.goto(LIST)
    page.fill("[name=name]", name)
    page.fill("[name=password]", WORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.fill("[name=old]", WORD)
    page.fill("[name=new]", f"{WORD} {name[::-1]}")
    page.fill("[name=again]", f"{WORD} {name[::-1]}")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.locator(".saved")).to_be_visible()


def readable(page: Page) -> None:
    assert issues(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def step(page: Page, number: str, name: str, **fields: str) -> None:
    page.goto(f"{LIST}/{number}")
    box = page.locator("details.step").filter(has=page.locator(f'summary:text-is("{name}")'))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for label, value in fields.items():
        box.locator(f"[name={label}]").first.fill(value)
    with page.expect_navigation():
        box.get_by_role("button", name=name, exact=True).click()


def together(page: Page, state: str, action: str, numbers: list[str], **fields: str) -> None:
    """Take a step with several proposals of the list."""
    page.goto(f"{LIST}?state={state}")
    for each in numbers:
        page.get_by_label(f"Chọn {each}", exact=True).check()
    page.select_option(".bulk [name=action]", action)
    for label, value in fields.items():
        page.fill(f".bulk [name={label}]", value)
    with page.expect_navigation():
        page.get_by_role("button", name="Thực hiện với mọi hồ sơ đã chọn").click()
    expect(page.locator(".saved")).to_be_visible()


def states(database: Database) -> dict[str, State]:
    store = Store(database)
    with store.reading() as db:
        found = {each.number: each.state for each in proposals.listed(db, PROVINCE)}
    store.close()
    return found


def zipped(page: Page, address: str) -> bytes:
    answer = page.request.get(address)
    assert answer.ok
    return answer.body()


def test_a_province_holds_its_review(office, desk: Desk):
    _, database, folder = office
    numbers = proposes_five(desk("buudien"), folder / "đề nghị.csv")
    assert states(database) == dict.fromkeys(numbers, State.SUBMITTED)

    for at, number in enumerate(numbers):
        checks(desk("coso"), number, moved=at == 1)
    assert states(database) == dict.fromkeys(numbers, State.CHECKED)

    *rest, back = numbers
    step(desk("thamdinh"), back, "Yêu cầu bổ sung", wanted_text="Bổ sung hợp đồng thuê nhà")
    together(desk("thamdinh"), "checked", "appraise", rest, reason="Đủ điều kiện")
    readable(desk("thamdinh"))

    round_ = makes_a_round(desk("thamdinh"))
    before = zipped(desk("thamdinh"), f"{round_}/documents/ho-so.zip")

    refused, *good = rest
    sees_the_price_and_refuses(desk("giamdoc"), refused)
    together(desk("giamdoc"), "appraised", "approve", good, document="600/QĐ-BHXH")
    together(desk("thamdinh"), "approved", "issue-code", good)
    assert states(database) == {
        refused: State.NOT_APPROVED, back: State.MORE_WANTED,
        **dict.fromkeys(good, State.CODE_ISSUED),
    }  # fmt: skip
    page = desk("buudien")  # the organisation follows what became of its five
    page.goto(LIST)
    for number in good:
        expect(page.locator(f"#{number}")).to_contain_text(f"{CODE}TH{PROVINCE}")
    expect(page.locator(f"#{back}")).to_contain_text("bổ sung", ignore_case=True)

    assert zipped(desk("thamdinh"), f"{round_}/documents/ho-so.zip") == before
    with zipfile.ZipFile(io.BytesIO(before)) as packet:
        assert "600/QĐ-BHXH" not in packet.read("danh-sach.csv").decode("utf-8-sig")
    trail_holds(database)


def proposes_five(page: Page, file: Path) -> list[str]:
    page.goto(LIST)
    readable(page)
    page.get_by_role("link", name="Nhập danh sách từ tệp").click()
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Đọc tệp").click()
    readable(page)
    page.get_by_role("button", name="Lưu các bản nháp").click()
    page.wait_for_url(f"**{LIST}?*")
    numbers = sorted(page.locator("tbody tr td a[href*='DX-']").all_inner_texts())
    assert len(numbers) == 5
    together(page, "draft", "submit", numbers, document="12/ĐN-BĐ")
    return numbers


def checks(page: Page, number: str, *, moved: bool) -> None:
    page.goto(f"/{PROVINCE}/checks/{number}")
    page.get_by_role("button", name="Bắt đầu xác minh").click()
    page.wait_for_selector("#check")
    if moved:
        page.locator("input[name=place][value=other]").check(force=True)
        lat = page.locator("dd a[href^='geo:'], p a[href^='geo:']").first.get_attribute("href")
        assert lat is not None
        north, east = lat.removeprefix("geo:").split(",")
        page.fill("[name=lat]", f"{float(north) + 0.002:.6f}".replace(".", ","))
        page.fill("[name=lon]", east.replace(".", ","))
    else:
        page.locator("input[name=place][value=same]").check(force=True)
    for each in page.locator("input[type=radio][value=yes]").all():
        each.check(force=True)
    page.fill("[name=present]", "Nguyễn Văn A, trưởng ấp")
    readable(page)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Kết thúc")).click()
    expect(page.locator("main")).to_contain_text(f"Đã kết thúc xác minh {number}")


def makes_a_round(page: Page) -> str:
    page.goto(f"/{PROVINCE}/rounds/new")
    page.fill("[name=name]", "Phiên rà soát quý IV")
    page.fill("[name=day]", "2026-12-10")
    readable(page)
    page.get_by_role("button", name="Lập phiên và giữ nguyên số liệu").click()
    page.wait_for_url(f"**/{PROVINCE}/rounds/1*")
    expect(page.locator("tbody tr")).to_have_count(4)
    readable(page)
    return page.url.partition("?")[0]


def sees_the_price_and_refuses(page: Page, number: str) -> None:
    page.goto(f"{LIST}/{number}")
    page.get_by_role("link", name=re.compile("Không phê duyệt")).click()
    expect(page.locator(".price")).to_contain_text("người vẫn chưa được phục vụ")
    readable(page)
    page.select_option("[name=reason_code]", "need")
    page.fill("[name=reason]", "Đã có điểm thu gần đó")
    page.get_by_role("button", name="Xác nhận không phê duyệt").click()
    page.wait_for_url(f"**{LIST}/{number}*")
    expect(page.locator(".head-line")).to_contain_text("Không phê duyệt")


def trail_holds(database: Database) -> None:
    """Ask the command that an inspector would."""
    command = [sys.executable, "-m", "planning.cli", "audit", "verify"]
    env = {**os.environ, "DIEMTHU_DATABASE": database.address}
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
