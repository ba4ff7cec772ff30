"""The board in a real browser: as it changes, by keyboard, judged by axe-core, and whatever people may have written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, Route, expect

from bot.domain.board import Standing
from bot.web import live
from bot.web.live import Frame
from storage.answers import NewAnswer
from storage.links import Kind, Links
from tests.fixtures.chromium import Windows, violations
from tests.flows.samples import NOW
from tests.journeys.test_hostile_words import NAMES
from tests.web.boards import SEED, BoardSite, board_site

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = (
    *NAMES.values(),
    "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>",
    "<svg onload=\"document.title='run'\"></svg></li></ul></template><style>*{display:none}</style>",
    "javascript:alert(1) {{7*7}} ${7*7} &lt;b&gt; \u202e\u2066 <!-- ]]> \"' onmouseover=alert(1) x='",
)
ALIEN = """[...document.querySelectorAll('.post *')].filter(e => !e.matches(
  'p, ul, li, b, span, a:is([href^="https://"], [href^="http://"])[rel="noopener noreferrer nofollow"]'
)).map(e => e.outerHTML)"""


_COUNTS_BEATS = """window.beats = window.streams = 0;
window.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    window.streams++;
    const { dataset } = document.documentElement;
    dataset.beats = window.beats;
    this.addEventListener("beat", () => { dataset.beats = ++window.beats; });
  }
};"""


@pytest_asyncio.fixture(loop_scope="session")
async def site(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BoardSite]:
    monkeypatch.setattr(live, "_OPENING", b"retry: 50\n\n")  # nobody waits two seconds here
    async with board_site(sqlite_url) as opened:
        yield opened


@dataclass
class Opened:
    """Opens pages of a board; whatever goes wrong in them, or is asked of another host, is found at the end."""

    windows: Windows
    site: BoardSite
    wrong: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.site.client.port}"

    async def __call__(
        self, what: str = "", *, width: int = 1280, height: int = 800, script: bool = True, clock: bool = False
    ) -> Page:
        page = await self.windows[script].new_page()
        if clock:
            await page.clock.install()
            await page.add_init_script(_COUNTS_BEATS)
        await page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._watch)
        await page.goto(self.origin + await self.site.link() + what)
        if script:
            await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
        return page

    def _watch(self, asked: Request) -> None:
        if not asked.url.startswith(self.origin):
            self.wrong.append(asked.url)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(windows: Windows, site: BoardSite) -> AsyncIterator[Opened]:
    """Pages of this board; a test in which a page complained, or asked another host, fails."""
    pages = Opened(windows, site)
    yield pages
    for page in (*windows[True].pages, *windows[False].pages):
        await page.close()
    assert pages.wrong == []


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if name in await page.evaluate("[document.activeElement.innerText, document.activeElement.ariaLabel].join()"):
            return
    raise AssertionError(f"{name} is never reached")


def post(page: Page, text: str) -> Any:
    return page.locator(".post", has_text=text)


# --- accessibility ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (320, 568)])
async def test_axe_finds_nothing(opened: Opened, width: int, height: int) -> None:
    await opened.site.put_up("Väntar", standing=Standing.HELD)
    await opened.site.hide("Nulägesanalys viktig")
    await opened.site.change("Bidra med kunskap", lambda store, one: store.reply(one, box="chefer", accepted=True))
    page = await opened(width=width, height=height)
    await page.emulate_media(reduced_motion="reduce")
    await opened.site.put_up("Ett nytt inlägg")
    await expect(post(page, "Ett nytt inlägg")).to_contain_text("Nytt")
    for _theme in ("light", "dark"):
        assert await violations(page) == []
        await page.get_by_text("QR-kod").first.click()
        assert await violations(page) == []
        await page.get_by_role("button", name="En fråga i taget").click()
        await expect(page.locator("#place")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("button", name="Hela tavlan").click()
        await page.get_by_text("QR-kod").first.click()
        await page.get_by_role("button", name="Mörk").click()


async def test_axe_finds_nothing_where_there_is_no_board(opened: Opened) -> None:
    page = await opened()
    await page.goto(opened.origin + "/board/wrong")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Här finns ingen tavla")
    assert await violations(page) == []
    opened.wrong = [one for one in opened.wrong if "404" not in one]


async def test_axe_would_find_what_is_wrong(opened: Opened) -> None:
    page = await opened()
    await page.evaluate("""() => {
        document.documentElement.removeAttribute("lang");
        document.querySelector("h1").style.color = "#c8c8c8";
        document.querySelector("#big img").alt = "";
        document.querySelector("#smaller").ariaLabel = "";
        document.querySelector("#smaller").textContent = "";
    }""")
    found = {one.partition(":")[0] for one in await violations(page)}
    assert {"html-has-lang", "color-contrast", "button-name"} <= found


async def test_nothing_needs_scrolling_sideways(opened: Opened) -> None:
    await opened.site.put_up("Donaudampfschifffahrtsgesellschaftskapitän" * 5, *HOSTILE)
    page = await opened()
    for number in range(8):
        for width, height in ((320, 568), (390, 844), (844, 390), (1024, 768), (1920, 1080)):
            await page.set_viewport_size({"width": width, "height": height})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (number, width)
        if number < 4:
            await page.get_by_role("button", name="Större text").click()
        elif number == 4:
            await page.get_by_role("button", name="En fråga i taget").click()
            await expect(page.locator("#place")).to_be_visible()
        else:
            await page.keyboard.press("ArrowRight")


async def test_everything_by_keyboard_alone(opened: Opened) -> None:
    page = await opened()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await tab_to(page, "QR-kod")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sheet img")).to_be_visible()
    await page.locator(".sheet img").evaluate("image => image.decode()")
    await page.keyboard.press("Escape")
    await expect(page.locator(".sheet")).to_be_hidden()
    await page.keyboard.press("Shift+Tab")
    await tab_to(page, "Chefer")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=2)).to_have_text("Chefer")


async def test_one_question_at_a_time_by_the_arrows_until_escape(opened: Opened) -> None:
    page = await opened(width=1920, height=1080)
    await tab_to(page, "En fråga i taget")
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=3)
    await expect(heading).to_have_text("Vad kan ni som politiker bidra med rent konkret?")
    await expect(heading).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("ArrowRight")
    await expect(page.locator("#place")).to_have_text("9 av 9")
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("heading", level=2)).to_have_text("Strateger och nyckelpersoner")
    await expect(heading).to_have_text("Vad förväntar ni er av de andra (chefer och politiker)?")
    await page.reload()
    await expect(page.locator("#place")).to_have_text("8 av 9")
    await page.keyboard.press("Escape")
    await expect(page.locator("#q-3-2")).to_be_in_viewport()
    await expect(page.locator(".question").first).to_be_visible()
    await expect(page.get_by_role("button", name="En fråga i taget")).to_be_focused()
    assert "#" not in page.url


async def test_on_a_projector_every_question_of_the_conference_fits_and_can_be_read_far_away(opened: Opened) -> None:
    page = await opened("#show-q-1-1", width=1920, height=1080)
    for _ in range(9):
        size = "parseFloat(getComputedStyle(document.querySelector('.current .text')).fontSize)"
        assert await page.evaluate("document.documentElement.scrollHeight") <= 1080
        assert await page.evaluate(size) >= 28
        await page.keyboard.press("ArrowRight")


async def test_the_text_gets_smaller_as_posts_arrive_on_a_projector(opened: Opened) -> None:
    page = await opened("#show-q-2-3", width=1920, height=1080)
    size = "parseFloat(getComputedStyle(document.querySelector('.current .text')).fontSize)"
    before = await page.evaluate(size)
    await opened.site.put_up(*(f"{text}, nummer {n}" for n in range(10) for text in ("Goda exempel från andra",)))
    await expect(post(page, "nummer 9")).to_be_in_viewport()
    assert await page.evaluate(size) < before


async def test_movement_is_left_out_for_those_who_asked_for_that(opened: Opened) -> None:
    page, names = await opened(), []
    wishes: tuple[Literal["reduce", "no-preference"], ...] = ("reduce", "no-preference")
    for wish in wishes:
        await page.emulate_media(reduced_motion=wish)
        await opened.site.put_up(f"Nytt {wish}")
        await expect(post(page, f"Nytt {wish}")).to_be_visible()
        names.append(await post(page, f"Nytt {wish}").evaluate("e => getComputedStyle(e).animationName"))
    assert names == ["none", "arrive"]


# --- what is new ------------------------------------------------------------------------------------------------------


async def test_N3_a_new_post_appears_by_itself_and_is_announced_and_nothing_jumps(opened: Opened) -> None:
    page = await opened()
    await page.evaluate("scrollTo(0, 900)")
    await page.get_by_role("link", name="Bokmål").focus()
    before = await post(page, "Efterfrågar resultat.").bounding_box()
    await opened.site.put_up("Mer tid", "Mer kunskap", box="politiker", question="bidra")
    await expect(post(page, "Mer tid")).to_contain_text("Nytt")
    await expect(page.get_by_role("status")).to_have_text("2 nya inlägg")
    await expect(page.locator("#count")).to_have_text("52 inlägg")
    await expect(page.locator("[data-part='1']")).to_have_text("14 inlägg")
    await expect(page.get_by_role("link", name="Bokmål")).to_be_focused()
    after = await post(page, "Efterfrågar resultat.").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2


async def test_posts_are_changed_moved_taken_away_and_answered_where_they_stand(opened: Opened) -> None:
    page = await opened()
    site = opened.site
    await site.change("Bidra med kunskap", lambda store, one: store.rewrite(one, "Bidra med mer kunskap"))
    await expect(post(page, "Bidra med mer kunskap")).to_have_count(1)
    await site.hide("Efterfråga resultat")
    await expect(page.locator("#q-2-1 .notes")).to_have_text("1 inlägg har dolts")
    await expect(page.locator("#q-2-1 .post")).to_have_count(2)
    await site.change("Nulägesanalys viktig", lambda store, one: store.move(one, box="politiker", question="bidra"))
    moved = page.locator("#q-1-1 .post", has_text="Nulägesanalys viktig")
    await expect(moved).to_contain_text("Flyttat hit från en annan fråga")
    await expect(post(page, "Nulägesanalys viktig")).to_have_count(1)
    await site.change("Nulägesanalys viktig", lambda store, one: store.reply(one, box="", text="Vi hjälper till"))
    await expect(moved.locator(".replies")).to_have_text("Arrangören  Vi hjälper till")


async def test_a_page_of_one_role_passes_over_what_is_new_for_others(opened: Opened) -> None:
    page = await opened("?role=chefer")
    await opened.site.put_up("För politiker", box="politiker")
    await opened.site.put_up("För chefer")
    await expect(post(page, "För chefer")).to_be_visible()
    await expect(post(page, "För politiker")).to_have_count(0)
    await expect(page.get_by_role("status")).to_have_text("1 nytt inlägg")


async def test_after_a_lost_connection_the_page_has_everything_again(opened: Opened) -> None:
    page = await opened()
    await cut(opened.site)
    await opened.site.put_up("Medan ingen hörde")
    await expect(post(page, "Medan ingen hörde")).to_be_visible()
    await expect(page.locator(".post")).to_have_count(51)
    await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
    opened.wrong = [one for one in opened.wrong if "INCOMPLETE_CHUNKED" not in one]


async def cut(site: BoardSite) -> None:
    """Break every stream off in the middle, as a router that is restarted does."""
    for watched in site.pages.live._watched.values():
        for viewer in watched.viewers:
            viewer.transport.abort()
        await live._tell(watched.viewers, lambda _viewer: Frame(b""))


async def test_a_connection_that_has_gone_dumb_is_given_up_and_nothing_is_missing(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await opened(clock=True)
    with monkeypatch.context() as silent:
        silent.setattr(live.Viewer, "tell", lambda *_frame: None)
        await opened.site.put_up("I tysthet")
        await page.clock.fast_forward(44_000)
        assert await page.evaluate("window.streams") == 1
        await page.clock.fast_forward(6_000)
        await expect(page.get_by_text("I tysthet")).to_be_visible()
    await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
    assert await page.evaluate("window.streams") == 2


async def test_a_connection_on_which_nothing_happens_is_kept_as_long_as_the_server_says_that_it_is_there(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_HEARTBEAT", 0.0)
    page = await opened(clock=True)
    for _minute in range(3):
        beats = await page.evaluate("window.beats")
        await expect(page.locator("html")).not_to_have_attribute("data-beats", str(beats))
        await page.clock.fast_forward(40_000)
    assert await page.evaluate("window.streams") == 1


async def test_after_a_restart_of_the_server_the_page_connects_by_itself(opened: Opened) -> None:
    page = await opened()
    boards = opened.site.pages.live
    await boards.stop()
    await expect(page.locator("#live")).to_have_text("Ansluter igen …")
    boards._over = False
    await opened.site.put_up("Efter omstarten")
    await expect(post(page, "Efter omstarten")).to_be_visible()
    opened.wrong = [one for one in opened.wrong if "503" not in one]


async def test_a_page_whose_link_is_closed_says_so_and_asks_no_more(opened: Opened) -> None:
    page = await opened()
    await opened.site.do(lambda connection: Links(connection, NOW).revoke(Kind.BOARD, "r1"))
    await expect(page.locator("#live")).to_have_text("Uppdateras inte längre: länken har stängts.")
    opened.wrong = [one for one in opened.wrong if "404" not in one]


# --- what people write ------------------------------------------------------------------------------------------------


async def test_whatever_people_write_is_text_when_it_is_there_and_when_it_arrives(opened: Opened) -> None:
    await opened.site.put_up(*HOSTILE)
    page = await opened()
    await opened.site.put_up(*HOSTILE, question="bidra")
    await expect(page.locator("#q-2-1 .post")).to_have_count(3 + len(HOSTILE))
    assert await page.locator("#q-2-3 .text").all_inner_texts() == await texts_after_arrival(page)
    assert await page.evaluate(ALIEN) == []
    assert "run" not in await page.title()


async def texts_after_arrival(page: Page) -> list[str]:
    there = await page.locator("#q-2-3 .text").all_inner_texts()
    arrived = await page.locator("#q-2-1 .text").all_inner_texts()
    return there[:3] + arrived[3:]


async def test_the_check_for_markup_sees_a_page_that_makes_markup_of_what_people_write(
    opened: Opened,
) -> None:
    page = await opened()

    async def careless(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(
            response=answer,
            body=(await answer.text()).replace(".replaceChildren(...pieces(said))", ".innerHTML = said.text"),
        )

    await page.route("**/board.js*", careless)
    await page.reload()
    await expect(page.locator("#live")).to_have_text("Uppdateras av sig själv")
    await opened.site.put_up("<i>kursiv</i>")
    await expect(page.locator("#q-2-3 .post")).to_have_count(4)
    assert await page.evaluate(ALIEN) == ["<i>kursiv</i>"]


# --- without script, on paper, and as one likes it --------------------------------------------------------------------


async def test_without_script_everything_is_there_and_how_to_see_more(opened: Opened) -> None:
    page = await opened(script=False)
    await expect(page.locator(".post")).to_have_count(50)
    await expect(page.get_by_text("Ladda om sidan för att se nya inlägg.")).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    await page.get_by_text("QR-kod").first.click()
    await expect(page.locator(".sheet img")).to_be_visible()
    await page.get_by_role("link", name="Chefer").click()
    await expect(page.locator(".post")).to_have_count(8)


async def test_colours_and_size_are_as_they_were_chosen_after_a_reload(opened: Opened) -> None:
    page = await opened()
    await page.get_by_role("button", name="Mörk").click()
    await page.get_by_role("button", name="Större text").click()
    await page.reload()
    await expect(page.get_by_role("button", name="Mörk")).to_have_attribute("aria-pressed", "true")
    look = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.documentElement).fontSize]"
    assert await page.evaluate(look) == ["rgb(14, 23, 27)", "19.2px"]
    assert await page.context.cookies() == []


async def test_the_qr_code_can_fill_the_screen(opened: Opened) -> None:
    page = await opened("#show-q-1-1", width=1920, height=1080)
    big = page.get_by_role("button", name="QR-kod")
    await big.click()
    await expect(big).to_have_attribute("aria-pressed", "true")
    box = await big.bounding_box()
    assert box is not None
    assert 700 < box["height"] < 1080


async def test_on_paper_there_is_the_board_and_nothing_to_press(opened: Opened) -> None:
    page = await opened()
    await page.get_by_role("button", name="Mörk").click()
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("heading", level=2)).to_have_count(3)
    assert await page.locator(".text").first.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    paper = await page.pdf(format="A4", prefer_css_page_size=True)
    assert 3 <= paper.count(b"/Type /Page\n") <= 5


async def test_a_board_of_a_thousand_posts_arrives_whole(windows: Windows, sqlite_url: str) -> None:
    many = tuple(NewAnswer(one.box, one.question, f"{one.text} {n}") for n in range(20) for one in SEED)
    async with board_site(sqlite_url, many) as site:
        page = await Opened(windows, site)()
        await expect(page.locator(".post")).to_have_count(1000)
        await page.close()
