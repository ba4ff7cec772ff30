"""The page in a real browser: by keyboard alone, in light and dark, on a phone, and with nothing from anywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, expect

from bot.domain.people import Language
from bot.domain.words import Text
from bot.handlers.events import Submitted
from bot.messages import Action, Button, Card, Notice, Tone
from tests.adapters.sandbox.conftest import CONFIG, MEETING, Running, running
from tests.adapters.sandbox.fake import programmes, receipt

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = CONFIG.people[0].address


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(tmp_path: Path) -> AsyncIterator[Running]:
    """A sandbox in which Anna has a list of programmes before her."""
    async with running(tmp_path / "sandbox.db") as started:
        await started.box.platform.send(ANNA, programmes(), Language.ENGLISH, outbox="list")
        await started.box.platform.send(ANNA, receipt("Anna", MEETING), Language.ENGLISH, outbox="receipt")
        warning = Notice("Three organisations have not answered.", Tone.WARNING)
        await started.box.platform.send(ANNA, warning, Language.ENGLISH, outbox="warning")
        yield started


class Opened:
    """Opens pages; whatever goes wrong in them, or is asked of another host, is found at the end."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.windows: list[BrowserContext] = []
        self.wrong: list[str] = []

    async def __call__(
        self,
        path: str = "/?show=anna",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
    ) -> Page:
        window = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        self.windows.append(window)
        page = await window.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._watch)
        await page.goto(self.url + path)
        return page

    def _watch(self, asked: Request) -> None:
        if not asked.url.startswith(self.url):
            self.wrong.append(asked.url)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(chromium: Browser, sandbox: Running) -> AsyncIterator[Opened]:
    """Pages of this sandbox; a test in which a page complained, or asked another host, fails."""
    pages = Opened(chromium, sandbox.url)
    yield pages
    for window in pages.windows:
        await window.close()
    assert pages.wrong == []


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        names = "e => [e.innerText, e.ariaLabel, ...[...(e.labels ?? [])].map(l => l.innerText)]"
        if name in await page.evaluate(f"({names})(document.activeElement)"):
            return
    raise AssertionError(f"{name} is never reached")


async def test_registering_by_keyboard_alone(opened: Opened, sandbox: Running) -> None:
    page = await opened()
    await tab_to(page, "Anmäl dig")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("heading", level=3)).to_be_focused()
    for label, text in (("Namn", "Anna Lindqvist"), ("E-post", "anna@lund.se")):
        await tab_to(page, label)
        await page.keyboard.type(text)
    await tab_to(page, "4 maj · Dialog där folk är")
    await page.keyboard.press("Space")
    await tab_to(page, "Bekräfta")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Du är anmäld.")
    event = sandbox.bot.heard[-1].event
    assert isinstance(event, Submitted)
    assert (event.answers["name"], event.answers["occasions"]) == ("Anna Lindqvist", ("o2",))


async def test_a_refused_form_is_still_filled_in_and_the_focus_is_on_what_is_wrong(opened: Opened) -> None:
    page = await opened()
    await page.get_by_role("button", name="Anmäl dig").first.click()
    await page.get_by_label("Namn").fill("Anna")
    await page.get_by_label("8 juni").check()
    await page.get_by_role("button", name="Bekräfta").click()
    await expect(page.get_by_role("alert").filter(has_text="E-post")).to_be_focused()
    await expect(page.get_by_label("Namn")).to_have_value("Anna")
    await expect(page.get_by_label("8 juni")).to_be_checked()
    await expect(page.get_by_label("E-post")).to_have_attribute("aria-invalid", "true")
    await page.get_by_role("link", name="E-post").press("Enter")
    await expect(page.get_by_label("E-post")).to_be_focused()


async def test_what_lies_under_an_open_form_is_out_of_reach_until_escape(opened: Opened) -> None:
    page = await opened()
    await page.get_by_role("button", name="Anmäl dig").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await page.locator("#anna .under").evaluate("e => e.inert")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_label("Write to Lärträff as Anna")).to_be_focused()


async def test_a_new_message_appears_by_itself_and_typing_goes_on(opened: Opened, sandbox: Running) -> None:
    page = await opened("/?show=anna&show=karin")
    await page.locator("#karin-text").fill("half a sen")
    await sandbox.box.platform.send(ANNA, Notice("Something new"), Language.ENGLISH, outbox="new")
    await expect(page.locator("#anna").get_by_text("Something new")).to_be_visible()
    await expect(page.locator("#karin-text")).to_have_value("half a sen")
    await expect(page.locator("#karin-text")).to_be_focused()


async def test_a_button_can_be_pressed_again_without_a_reload(opened: Opened, sandbox: Running) -> None:
    page = await opened()
    for count in (1, 2):
        await page.get_by_role("button", name="register", exact=True).click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert sum(inbound.actor.user == "anna" for inbound in sandbox.bot.heard) == 2 + count
        await page.get_by_role("button", name="Close").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_message_higher_than_the_conversation_is_read_from_its_beginning(
    opened: Opened, sandbox: Running
) -> None:
    page = await opened()
    long = Card("The beginning", tuple(f"Paragraph {n}" for n in range(60)))
    await sandbox.box.platform.send(ANNA, long, Language.ENGLISH, outbox="long")
    await expect(page.get_by_role("heading", name="The beginning")).to_be_in_viewport()


async def test_look_inside_opens_in_its_place(opened: Opened) -> None:
    page = await opened()
    await page.locator("#anna .inside summary").last.click()
    await expect(page.locator("#anna .preview").first).to_contain_text('"says": "Three organisations')


async def test_without_script_everything_still_works(opened: Opened, sandbox: Running) -> None:
    page = await opened(script=False)
    await page.get_by_role("button", name="Anmäl dig").first.click()
    await page.get_by_label("Namn").fill("Anna")
    await page.get_by_role("button", name="Bekräfta").click()
    await expect(page.get_by_role("alert").filter(has_text="E-post")).to_be_focused()
    await page.get_by_label("E-post").fill("anna@lund.se")
    await page.get_by_label("16 mars").check()
    await page.get_by_role("button", name="Bekräfta").click()
    await expect(page.get_by_role("status")).to_contain_text("Du är anmäld.")
    await page.get_by_role("checkbox", name="Erik Sundström").check()
    await page.get_by_role("button", name="Show").click()
    await page.locator("#erik").get_by_role("button", name="Home").click()
    await expect(page.locator("#erik")).to_contain_text("Modellkonceptet")
    await page.get_by_role("button", name="+1 day").click()
    assert len(sandbox.ticks) == 1


async def test_choosing_who_stands_side_by_side_is_kept_in_the_address(opened: Opened) -> None:
    page = await opened("/")
    await page.get_by_role("checkbox", name="Erik Sundström").check()
    await page.wait_for_url("**/?show=anna&show=erik&show=ingrid&show=karin&at=anna")
    await expect(page.locator(".person")).to_have_count(4)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (844, 390), (1024, 768), (1440, 900)])
@pytest.mark.parametrize("has_form", [False, True])
async def test_nothing_needs_scrolling_sideways(opened: Opened, width: int, height: int, has_form: bool) -> None:
    page = await opened("/?show=anna&at=anna", width=width, height=height)
    if has_form:
        await page.get_by_role("button", name="Anmäl dig").first.click()
        await page.get_by_role("button", name="Bekräfta").click()
        await expect(page.get_by_role("alert").filter(has_text="E-post")).to_be_visible()
    wide = "[...document.querySelectorAll('body, .scroll, .sheet')].filter(e => e.scrollWidth > e.clientWidth + 1)"
    assert await page.evaluate(f"{wide}.map(e => e.className)") == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await page.evaluate("document.querySelector('h1').offsetHeight") < 50  # one line, not squeezed


async def test_a_narrow_screen_shows_one_person_at_a_time(opened: Opened) -> None:
    page = await opened("/?show=anna&show=karin&at=anna", width=390, height=844)
    await expect(page.locator("#karin")).to_be_hidden()
    await page.get_by_role("link", name="Karin").click()
    await expect(page.locator("#karin")).to_be_visible()
    await expect(page.locator("#anna")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568)])
async def test_on_a_phone_no_name_is_broken(opened: Opened, width: int, height: int) -> None:
    page = await opened("/?show=anna&at=anna", width=width, height=height)
    lines = "[...document.querySelectorAll('.narrow-people a')].map(e => e.clientHeight)"
    assert len(set(await page.evaluate(lines))) == 1


async def test_on_a_phone_the_headers_take_less_than_two_fifths(opened: Opened) -> None:
    page = await opened("/?show=anna&at=anna", width=390, height=844)
    bottom = "document.querySelector('.person.at > header').getBoundingClientRect().bottom"
    assert await page.evaluate(bottom) < 844 * 2 / 5


@pytest.mark.parametrize("dark", [False, True])
async def test_every_text_has_contrast_enough(opened: Opened, sandbox: Running, dark: bool) -> None:
    buttons = tuple(Button(Text(tone.title()), Action("do", tone), tone=tone) for tone in Tone)
    for tone in Tone:
        view = Card("Title", ("Body",), buttons=buttons, tone=tone)
        await sandbox.box.platform.send(ANNA, view, Language.ENGLISH, outbox=tone)
    page = await opened(dark=dark)
    weak = await page.evaluate(CONTRAST)
    await page.get_by_role("button", name="Anmäl dig").first.click()
    await page.get_by_role("button", name="Bekräfta").click()
    await expect(page.get_by_role("alert").filter(has_text="E-post")).to_be_visible()
    assert weak + await page.evaluate(CONTRAST) == []
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(14, 23, 27)" if dark else "rgb(238, 243, 243)")


CONTRAST = """() => {
  const parts = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => colour.slice(0, 3)
    .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let here = element; here; here = here.parentElement) {
      const colour = parts(getComputedStyle(here).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.matches(":disabled, script")) continue;
    const [one, two] = [parts(getComputedStyle(element).color), behind(element)].map(light).sort((a, b) => b - a);
    if ((one + 0.05) / (two + 0.05) < 4.5) weak.push(texts.currentNode.data.trim());
  }
  return weak;
}"""
