"""A check on site on a phone: one hand, a line that breaks, a position, photos, two at once."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened import PROVINCE, WAIT_MS, own_copy, served
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_every_page import issues

from planning.model.people import EVERYWHERE, Action, Grant, Role, User, local_user
from planning.model.proposals import DEFAULT_CRITERIA, Content, Proposal, ProposalKind, State
from planning.services import accounts
from planning.services.accounts import NewAccount
from planning.services.review import checking, drafting
from planning.services.review.steps import Ask
from planning.store import accounts as kept_accounts
from planning.store import attachments, layers, proposals
from planning.store.session import Store

pytestmark = pytest.mark.browser
ME = local_user(frozenset({PROVINCE}))
PASSWORD = "sông nước chín nhánh xanh"
PHONE = {"width": 390, "height": 844}
KEPT = "() => Object.keys(localStorage).filter((each) => each.startsWith('diemthu-check:'))"


class Site:
    """A served database of its own, and what is in it."""

    def __init__(self, address: str, store: Store) -> None:
        self.address, self.store = address, store
        with store.reading() as db:
            point = layers.load_points(db, PROVINCE).iloc[0]
        self.lon, self.lat = float(point["lon"]), float(point["lat"])
        self.number = self.submitted("Điểm thu chợ Ba Thê").number

    def submitted(self, name: str) -> Proposal:
        content = Content(ProposalKind.OPEN, name, self.lon, self.lat, address="Chợ Ba Thê")
        made = drafting.propose(self.store, ME, PROVINCE, content)
        return drafting.submit(self.store, ME, self.ask(made, Action.SUBMIT))

    def ask(self, it: Proposal, action: Action) -> Ask:
        return Ask(PROVINCE, it.number, it.version, action)

    def begin(self) -> None:
        checking.begin(self.store, ME, self.ask(self.now(), Action.BEGIN_CHECK))

    def now(self) -> Proposal:
        with self.store.reading() as db:
            found = proposals.load(db, PROVINCE, self.number)
        assert found is not None
        return found

    def photos(self) -> list[bytes]:
        with self.store.reading() as db:
            known = attachments.listed(db, self.now().id)
            return [attachments.load(db, each.proposal, each.id)[1] for each in known]

    @property
    def path(self) -> str:
        return f"/{PROVINCE}/checks/{self.number}"


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    database = own_copy(demonstration, tmp_path)
    store = Store(database)
    with served(database) as address:
        yield Site(address, store)
    store.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """Return a phone that stands half a kilometre north of the proposed place."""
    context = browser.new_context(
        base_url=site.address, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2,
        reduced_motion="reduce", permissions=["geolocation"],
        geolocation={"latitude": site.lat + 0.0045, "longitude": site.lon, "accuracy": 8},
    )  # fmt: skip
    context.set_default_timeout(WAIT_MS)
    yield context
    context.close()


def opened(phone: BrowserContext, path: str) -> Page:
    """Return a page in which no script fails and no rule of the page is broken."""
    page = phone.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security" in said.text else None)
    page.goto(path)
    page.on("close", lambda: None)
    page.wrong = wrong
    return page


def state(page: Page):
    return page.locator("#state")


def answer_all(page: Page) -> None:
    for each in DEFAULT_CRITERIA:
        page.locator(f'input[name="met-{each.code}"][value="yes"]').check()
    page.locator('input[name="place"][value="same"]').check()
    page.locator('input[name="passed"][value="yes"]').check()


def photo(colour: str = "red", **more) -> dict[str, object]:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Hang may"
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), colour).save(out, "JPEG", exif=exif)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue(), **more}


def test_a_check_from_the_list_to_its_end(phone, site):
    page = opened(phone, f"/{PROVINCE}/checks")
    page.get_by_role("link", name="Điểm thu chợ Ba Thê").tap()
    page.get_by_role("button", name="Bắt đầu xác minh").tap()
    page.get_by_role("button", name="Dùng vị trí của tôi").tap()
    expect(page.locator("#where")).to_contain_text("Cách vị trí đề xuất")
    answer_all(page)
    page.locator('input[name="place"][value="other"]').check()
    page.get_by_label("Những người có mặt").fill("Ông Trần Văn An, trưởng ấp")
    page.get_by_label("Nhận xét, kiến nghị").fill("Mặt bằng rộng, gần đường.")
    expect(state(page)).to_contain_text("Đã lưu lúc")
    kept = site.now()
    assert kept.check.present == "Ông Trần Văn An, trưởng ấp"
    assert kept.check.lat == pytest.approx(site.lat + 0.0045, abs=1e-6)
    page.get_by_role("button", name="Kết thúc xác minh").tap()
    expect(page.locator(".saved")).to_contain_text(f"Đã kết thúc xác minh {site.number}")
    done = site.now()
    assert (done.state, done.check.passed) == (State.CHECKED, True)
    assert done.content.lat == pytest.approx(site.lat + 0.0045, abs=1e-6)
    assert done.figures is not None  # measured again at the corrected place
    assert page.evaluate(KEPT) == []
    assert page.wrong == []


def test_what_is_missing_at_the_end_is_said_and_nothing_is_lost(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.get_by_label("Nhận xét, kiến nghị").fill("còn thiếu")
    page.get_by_role("button", name="Kết thúc xác minh").tap()
    expect(state(page)).to_contain_text("Hãy xác nhận vị trí")
    answer_all(page)
    page.locator('input[name="met-BH"][value="unknown"]').check()
    page.get_by_role("button", name="Kết thúc xác minh").tap()
    expect(state(page)).to_contain_text("Biển hiệu điểm thu")
    page.locator('input[name="met-BH"][value="no"]').check()
    page.get_by_role("button", name="Kết thúc xác minh").tap()
    expect(page.locator(".saved")).to_contain_text("Đã kết thúc")
    assert site.now().check.findings == "còn thiếu"


def test_a_line_that_breaks_loses_nothing(phone, site):
    site.begin()
    page = opened(phone, site.path)
    phone.set_offline(True)
    page.get_by_label("Nhận xét, kiến nghị").fill("ghi khi mất mạng")
    expect(state(page)).to_contain_text("Mất kết nối")
    assert len(page.evaluate(KEPT)) == 1
    phone.set_offline(False)
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert site.now().check.findings == "ghi khi mất mạng"
    assert page.evaluate(KEPT) == []
    assert page.wrong == []


def test_a_page_closed_without_a_line_is_taken_up_again(phone, site):
    site.begin()
    page = opened(phone, site.path)
    phone.set_offline(True)
    page.get_by_label("Nhận xét, kiến nghị").fill("ghi rồi tắt máy")
    page.locator('input[name="met-NV"][value="no"]').check()
    expect(state(page)).to_contain_text("Mất kết nối")
    page.close()
    phone.set_offline(False)
    checks = opened(phone, f"/{PROVINCE}/checks")
    expect(checks.locator(".dues a")).to_contain_text("chưa gửi")
    again = opened(phone, site.path)
    expect(again.get_by_label("Nhận xét, kiến nghị")).to_have_value("ghi rồi tắt máy")
    # The closing page may have sent it with its last breath: then there is nothing to send again.
    again.wait_for_function(f"() => !({KEPT})().length")
    assert site.now().check.findings == "ghi rồi tắt máy"


@pytest.mark.parametrize(
    ("button", "kept"), [("Giữ bản của tôi", "của tôi"), ("Lấy bản đã lưu", "của người kia")]
)
def test_of_two_at_once_the_second_chooses_between_both_versions(phone, site, button, kept):
    site.begin()
    mine, other = opened(phone, site.path), opened(phone, site.path)
    other.get_by_label("Nhận xét, kiến nghị").fill("của người kia")
    expect(state(other)).to_contain_text("Đã lưu lúc")
    mine.get_by_label("Nhận xét, kiến nghị").fill("của tôi")
    clash = mine.locator("#conflict")
    expect(clash).to_contain_text("của người kia")
    expect(clash).to_contain_text("của tôi")
    assert issues(mine) == []
    mine.get_by_role("button", name=button).tap()
    expect(clash).to_be_hidden()
    expect(mine.get_by_label("Nhận xét, kiến nghị")).to_have_value(kept)
    mine.get_by_label("Những người có mặt").fill("Bà Bình")
    expect(state(mine)).to_contain_text("Đã lưu lúc")
    check = site.now().check
    assert (check.findings, check.present) == (kept, "Bà Bình")


def test_photos_are_made_small_kept_without_a_line_and_sent(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.locator("#gallery").set_input_files([photo("red"), photo("blue", name="IMG_2.jpg")])
    expect(page.locator("#photos-list img")).to_have_count(2)
    expect(page.locator("#photo-status")).to_contain_text("Đã gửi hết ảnh")
    phone.set_offline(True)
    page.locator("#camera").set_input_files([photo("green")])
    expect(page.locator("#photo-status")).to_contain_text("1 ảnh đang chờ")
    page.close()
    phone.set_offline(False)
    again = opened(phone, site.path)
    expect(again.locator("#photos-list img")).to_have_count(3)
    again.get_by_label("Nhận xét, kiến nghị").fill("ghi sau khi gửi ảnh")  # photos are no conflict
    expect(state(again)).to_contain_text("Đã lưu lúc")
    for body in site.photos():
        seen = Image.open(io.BytesIO(body))
        assert (seen.size, dict(seen.getexif())) == ((1067, 1600), {})
        assert b"Hang may" not in body
    assert again.wrong == []


def test_a_photo_that_is_none_is_refused_by_name(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.locator("#gallery").set_input_files(
        {"name": "giả.jpg", "mimeType": "image/jpeg", "buffer": b"<html></html>"}
    )
    expect(page.locator("#photo-status")).to_contain_text("giả.jpg")
    assert site.photos() == []


def test_the_place_is_corrected_on_the_map(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.get_by_role("button", name="Mở bản đồ").tap()
    mark = page.locator(".place-mark")
    expect(mark).to_be_visible()
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    expect(page.get_by_label("Vĩ độ")).not_to_have_value("")
    first = page.get_by_label("Vĩ độ").input_value()
    assert float(first.replace(",", ".")) > site.lat  # north of it
    expect(page.locator('input[name="place"][value="other"]')).to_be_checked()
    at = mark.bounding_box()
    page.mouse.move(at["x"] + 15, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] + 15, at["y"] + 120, steps=6)
    page.mouse.up()
    expect(page.get_by_label("Vĩ độ")).not_to_have_value(first)
    expect(state(page)).to_contain_text("Đã lưu lúc")
    assert site.now().check.lat == pytest.approx(
        float(page.get_by_label("Vĩ độ").input_value().replace(",", "."))
    )
    assert issues(page) == []
    assert page.wrong == []


def test_a_pasted_pair_of_numbers_is_a_place_and_another_commune_is_told(phone, site):
    site.begin()
    page = opened(phone, site.path)
    with site.store.reading() as db:
        far = layers.load_points(db, PROVINCE)
    far = far[far["commune_code"] != site.now().commune].iloc[0]
    page.get_by_label("Vĩ độ").evaluate(
        """(it, text) => { const data = new DataTransfer(); data.setData("text", text);
        it.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        f"{far['lat']:.6f}, {far['lon']:.6f}",
    )  # fmt: skip
    expect(page.locator("#where-warning")).to_contain_text("khác xã đề xuất")
    assert site.now().check.lon == pytest.approx(float(far["lon"]), abs=1e-6)


def test_a_phone_that_gives_no_position_says_what_to_do(browser, site):
    site.begin()
    context = browser.new_context(base_url=site.address, viewport=PHONE)
    page = context.new_page()
    page.goto(site.path)
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(page.locator("#where")).to_contain_text("nhập tọa độ")
    context.close()


def test_nothing_of_another_user_stays_on_the_phone(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.evaluate("() => localStorage.setItem('diemthu-check:someone/99/DX-2026-0009', '{}')")
    page.reload()
    expect(state(page)).to_have_text("")
    page.wait_for_function("() => !localStorage.getItem('diemthu-check:someone/99/DX-2026-0009')")


def test_signing_out_asks_before_it_clears_the_phone(phone, site):
    site.begin()
    boss = Grant(Role.ADMINISTRATOR, PROVINCE)
    accounts.add(site.store, ME, NewAccount("quan.tri", "Quản trị", boss), PASSWORD)
    checker = Grant(Role.CHECKER, PROVINCE, office=EVERYWHERE)
    accounts.add(
        site.store,
        User("quan.tri", grants=(boss,)),
        NewAccount("an", "Lê Văn An", checker),
        PASSWORD,
    )
    with site.store.writing() as db:
        kept_accounts.change(db, "an", must_change=False)
    page = opened(phone, site.path)
    page.locator('input[name="name"]').fill("an")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(f"**{site.path}")
    page.get_by_label("Nhận xét, kiến nghị").fill("đã lưu")
    expect(state(page)).to_contain_text("Đã lưu lúc")
    page.route("**/save.json", lambda route: route.abort())
    page.get_by_label("Nhận xét, kiến nghị").fill("chưa gửi được")
    expect(state(page)).to_contain_text("Mất kết nối")
    asked: list[str] = []
    page.once("dialog", lambda it: (asked.append(it.message), it.dismiss()))
    page.get_by_role("button", name="Đăng xuất").click()
    assert len(page.evaluate(KEPT)) == 1
    page.once("dialog", lambda it: (asked.append(it.message), it.accept()))
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(KEPT) == []
    assert len(asked) == 2
    assert site.now().check.findings == "đã lưu"


def test_the_page_works_without_scripts(browser, site):
    context = browser.new_context(base_url=site.address, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/{PROVINCE}/checks")
    page.get_by_role("link", name="Điểm thu chợ Ba Thê").click()
    page.get_by_role("button", name="Bắt đầu xác minh").click()
    page.get_by_label("Nhận xét, kiến nghị").fill("không cần kịch bản")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu. Chưa kết thúc")).to_be_visible()
    page.locator('input[name="file"]').set_input_files(photo())
    page.get_by_role("button", name="Gửi ảnh").click()
    expect(page.locator("#photos-list img")).to_have_count(1)
    answer_all(page)
    page.get_by_role("button", name="Kết thúc xác minh").click()
    expect(page.locator(".saved")).to_contain_text("Đã kết thúc")
    assert site.now().check.findings == "không cần kịch bản"
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everyone_can_read_and_reach_everything_with_a_thumb(phone, site, language):
    site.begin()
    for path in (f"/{PROVINCE}/checks", site.path, f"{site.path}/minutes", f"/{PROVINCE}/checks/blank",
                 f"/{PROVINCE}/proposals/{site.number}/files", f"/{PROVINCE}/checklist"):  # fmt: skip
        page = opened(phone, f"{path}?lang={language}")
        expect(page.locator("h1").first).to_be_visible()
        assert issues(page) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, path
        if path in (site.path, f"/{PROVINCE}/checks"):
            small = page.evaluate("""() => [...document.querySelectorAll(
              "main a, main button, main summary, main .answers label, main textarea, main input:not([type=radio]):not([type=hidden]):not([type=file])")]
              .filter((each) => each.offsetParent && !each.closest("p.next"))
              .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
              .filter(([, box]) => box.height < 43.5).map(([text, box]) => `${text}: ${box.height}`)""")
            assert small == []
        page.close()


def test_minutes_print_on_a4_with_the_photos_on_pages_of_their_own(phone, site):
    site.begin()
    page = opened(phone, site.path)
    page.locator("#gallery").set_input_files([photo("red")])
    expect(page.locator("#photos-list img")).to_have_count(1)
    page.goto(f"{site.path}/minutes")
    expect(page.locator(".annex img")).to_be_visible()
    body = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox *\[0 0 ([\d.]+) ([\d.]+)\]", body)
    assert len(sizes) >= 2  # the annex with the photos begins a page of its own
    for wide, high in sizes:
        assert (float(wide), float(high)) == pytest.approx((595.3, 841.9), abs=1)
