"""What people do in the sandbox, without script: every act is a form that is posted, and a page that is shown again."""

from datetime import timedelta
from pathlib import Path

from bot.adapters.sandbox.people import SandboxConfig
from bot.domain.people import Language
from bot.domain.words import Text
from bot.handlers.events import AddedToChannel, OpenedHome, Pressed, Said, Submitted, WentBack
from bot.messages import Action, Button, Card, Notice
from bot.ports import Surface
from tests.adapters.sandbox.conftest import CONFIG, MEETING, START, Running, running
from tests.adapters.sandbox.fake import receipt, registration

FILLED = {
    "Namn": "Anna Lindqvist",
    "E-post": "anna@lund.se",
    "Tillfällen": ["16 mars", "8 juni"],
    "Har du gått grunderna?": "Ja",
    "Antal deltagare": "3",
    "Särskilda behov": "Hörslinga\noch gluten",
}


async def test_typed_words_reach_the_bot_and_its_answer_stands_in_the_conversation(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("  hej <b>  ")
    heard = sandbox.bot.heard[-1]
    assert heard.event == Said("hej <b>")
    assert (heard.opens_forms, heard.answers_inline) == (True, False)
    assert heard.profile == CONFIG.people[0].profile
    assert anna.messages() == ["Du skrev: hej <b>"]


async def test_a_form_is_filled_in_by_its_labels_and_its_answer_is_shown(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("anmäl")
    await anna.fill(FILLED)
    await anna.submit("Bekräfta")
    event = sandbox.bot.heard[-1].event
    assert isinstance(event, Submitted)
    assert event.token == "run.1"
    assert event.answers == {
        "name": "Anna Lindqvist",
        "email": "anna@lund.se",
        "occasions": ("o1", "o3"),
        "known": "yes",
        "people": "3",
        "needs": "Hörslinga\noch gluten",
    }
    assert "Du är anmäld." in anna.screen()


async def test_a_refused_form_comes_back_with_its_reasons_and_every_word(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("anmäl")
    await anna.fill(FILLED | {"E-post": 'anna"><i>', "Tillfällen": []})
    await anna.submit("Bekräfta")
    assert anna.screen().count("En e-postadress skrivs som anna@lund.se.") == 2
    assert 'anna"><i>' in anna.screen()
    assert "och gluten" in anna.screen()
    await anna.fill({"E-post": "anna@lund.se", "Tillfällen": "4 maj"})
    await anna.submit("Bekräfta")
    again = sandbox.bot.heard[-1].event
    assert isinstance(again, Submitted)
    assert again.answers["known"] == "yes"
    assert "Du är anmäld." in anna.screen()


async def test_nothing_chosen_among_many_is_sent_as_nothing(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("anmäl")
    await anna.submit("Bekräfta")
    event = sandbox.bot.heard[-1].event
    assert isinstance(event, Submitted)
    assert event.answers["occasions"] == ()


async def test_back_is_an_event_of_its_own(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("anmäl")
    await anna.submit("Bekräfta")
    await anna.press("Back")
    assert sandbox.bot.heard[-1].event == WentBack("run.1")


async def test_a_closed_form_is_gone_and_the_bot_hears_nothing(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("anmäl")
    count = len(sandbox.bot.heard)
    await anna.press("Close")
    assert (anna.screen(), len(sandbox.bot.heard)) == ("", count)


async def test_a_button_is_found_near_its_words(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.say("program")
    await anna.press("Anmäl dig", near="Masterclass")
    pressed = sandbox.bot.heard[-1]
    assert isinstance(pressed.event, Pressed)
    assert pressed.event.action == Action("register", "masterclass")
    assert await sandbox.messages.message("anna", pressed.event.reference) is not None
    assert "Anmälan till Masterclass" in anna.screen()


async def test_a_button_can_change_its_own_message(sandbox: Running) -> None:
    address = CONFIG.people[0].address
    await sandbox.box.platform.send(address, receipt("Anna", MEETING), Language.ENGLISH, outbox="o1")
    anna = sandbox.client.person("anna")
    await anna.press("Avboka")
    assert anna.messages() == ["Avbokad"]


async def test_a_double_click_is_one_event(sandbox: Running) -> None:
    pairs = [("delivery", "a" * 22), ("text", "hej")]
    for _ in range(2):
        await sandbox.client.post("/sandbox/anna/say", pairs, came_from="/")
    anna = sandbox.client.person("anna")
    await anna.look()
    assert [inbound.event for inbound in sandbox.bot.heard].count(Said("hej")) == 1
    assert anna.messages() == ["Du skrev: hej"]


async def test_two_buttons_of_one_card_are_two_events(sandbox: Running) -> None:
    for action in ("register a", "register b"):
        pairs = [("delivery", "a" * 22), ("action", action)]
        await sandbox.client.post("/sandbox/anna/press", pairs, came_from="/")
    assert [inbound.event for inbound in sandbox.bot.heard][-2:] == [
        Pressed(Action("register", "a")),
        Pressed(Action("register", "b")),
    ]


async def test_the_home_page_is_opened_and_kept(sandbox: Running) -> None:
    anna = sandbox.client.person("anna")
    await anna.open_home()
    opened = sandbox.bot.heard[-1]
    assert isinstance(opened.event, OpenedHome)
    assert opened.came_from.surface is Surface.HOME
    assert "Modellkonceptet" in anna.screen()


async def test_everybody_meets_the_bot_once_and_it_is_in_the_channel(sandbox: Running) -> None:
    await sandbox.box.start()
    events = [inbound.event for inbound in sandbox.bot.heard]
    everybody = len(SandboxConfig().people)
    assert events == [OpenedHome()] * (2 * everybody) + [AddedToChannel()]  # the home page, and the conversation
    assert sandbox.bot.heard[-1].actor.user == "karin"


async def test_the_channel_is_shared_and_a_press_there_is_the_persons_own(sandbox: Running) -> None:
    view = Card("Veckans fråga", buttons=(Button(Text("Svara"), Action("register")),))
    await sandbox.box.platform.send(CONFIG.channel_address, view, Language.ENGLISH, outbox="o1")
    for user in ("anna", "karin"):
        person = sandbox.client.person(user)
        await person.open_channel()
        await person.press("Svara", near="Veckans fråga")
        assert sandbox.bot.heard[-1].came_from == CONFIG.channel_address
        assert sandbox.bot.heard[-1].actor.user == user


async def test_what_one_writes_in_the_channel_is_answered_there_to_oneself_alone(sandbox: Running) -> None:
    karin = sandbox.client.person("karin")
    await karin.open_channel()
    await karin.press("channel")
    heard = sandbox.bot.heard[-1]
    assert (heard.event, heard.came_from, heard.answers_inline) == (Said("channel"), CONFIG.channel_address, True)


async def test_the_bot_is_mentioned_in_the_channel_as_the_handbook_says(sandbox: Running) -> None:
    karin = sandbox.client.person("karin")
    await karin.open_channel()
    for typed in ("@Lärträff kanal", "@lartraff: kanal", "kanal"):
        await karin.say(typed)
        assert sandbox.bot.heard[-1].event == Said("kanal")


async def test_only_who_coordinates_is_offered_the_coordinators_words(sandbox: Running) -> None:
    anna, karin = [await sandbox.client.get(f"/?show={user}&at={user}") for user in ("anna", "karin")]
    assert all(f'value="{word}"' in anna for word in ("my reminders", "pause", "calendar"))
    assert 'value="who does what"' in karin
    assert 'value="who does what"' not in anna


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    path, bot = tmp_path / "sandbox.db", None
    async with running(path) as before:
        bot = before.bot
        anna = before.client.person("anna")
        await anna.say("hej")
        await anna.say("anmäl")
        await anna.fill({"Namn": "Anna L"})
        await anna.submit("Bekräfta")
        await before.client.move_clock(by="day")
        seen = (anna.screen(), anna.messages())
    async with running(path, bot) as after:
        anna = after.client.person("anna")
        await anna.look()
        assert (anna.screen(), anna.messages()) == seen
        assert after.clock.now() == START + timedelta(days=1)


async def test_the_clock_moves_forward_and_what_is_due_is_sent_before_the_page_is_shown(sandbox: Running) -> None:
    await sandbox.client.move_clock(by="hour")
    await sandbox.client.move_clock(to=MEETING.isoformat())
    assert sandbox.ticks == [START + timedelta(hours=1), MEETING]
    await sandbox.client.move_clock(by="now")
    assert sandbox.clock.now() == START


async def test_a_second_click_on_the_clock_adds_nothing(sandbox: Running) -> None:
    for _ in range(2):
        await sandbox.client.post("/sandbox/clock", [("by", "day"), ("seen", "0.0")], came_from="/")
    assert sandbox.clock.now() == START + timedelta(days=1)


async def test_look_inside_shows_what_each_platform_gets(sandbox: Running) -> None:
    address = CONFIG.people[0].address
    fine = await sandbox.box.platform.send(address, Notice("<hej>"), Language.ENGLISH, outbox="1")
    odd = await sandbox.box.platform.send(address, Notice("unshowable"), Language.ENGLISH, outbox="2")
    page = await sandbox.client.get(f"/sandbox/inside/anna/anna/{fine}")
    assert "&#34;says&#34;: &#34;&lt;hej&gt;&#34;" in page
    assert "cannot show it: too much" in await sandbox.client.get(f"/sandbox/inside/anna/anna/{odd}")
    assert "Modellkonceptet" in await sandbox.client.get("/sandbox/inside/anna/anna/home")


async def test_an_open_form_is_kept_for_its_own_person_only(sandbox: Running) -> None:
    await sandbox.client.person("anna").say("anmäl")
    erik = sandbox.client.person("erik")
    await erik.look()
    assert erik.screen() == ""
    assert str(registration().title) in sandbox.client.person("anna").screen()
