"""C2a: a channel that follows a programme, from the coordinator's mention to the bot's return after it was removed."""

from __future__ import annotations

import pytest

from tests.journeys.people import Participant
from tests.journeys.stage import Stage
from tests.journeys.test_whole_programme import follow_in_channel, register

TOMORROW = "I morgon: Lärträff 1"
STEPS = {
    "slack": "Öppna #lärträffar och skriv: /invite @Lärträff",
    "teams": "Öppna teamet för Jämställdhet › Lärträffar och lägg till Lärträff",
}


@pytest.fixture(params=["slack", "teams"])
def platform(request: pytest.FixtureRequest) -> str:
    """Channels are what Slack and Teams have."""
    name: str = request.param
    return name


async def coordinator(stage: Stage) -> Participant:
    """Karin, whose channel follows Modellkonceptet."""
    karin = await stage.person("karin")
    await karin.invite_bot()
    await follow_in_channel(karin)
    return karin


async def test_C2a_bound_by_a_mention_the_channel_gets_the_day_before(stage: Stage) -> None:
    karin, anna = await stage.person("karin"), await stage.person("anna")
    await karin.invite_bot()
    await karin.mention("kanal")
    karin.sees("Vilket program ska den här kanalen följa?")
    await karin.press("Följ 4", near="Modellkonceptet")
    karin.sees("Kanalen följer Modellkonceptet")
    assert "Den här kanalen följer nu Modellkonceptet" in karin.channel()
    await register(anna)
    karin.channel_diary.clear()
    await stage.until("2026-12-08 12:00")
    assert karin.channel_diary == [
        "2026-11-30 09:00 Anmäl dig senast tisdag 1 december 2026 kl. 23.59",
        f"2026-12-07 09:00 {TOMORROW}",
    ]
    assert "zoom.example.org" not in karin.channel()  # the link is for those who take part


async def test_C2a_nobody_else_binds_a_channel(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.mention("kanal")
    anna.sees("Bara processledare kan göra det här")
    assert anna.channel() == ""


async def test_C2a_removed_the_day_before_the_coordinator_is_told_the_exact_step(stage: Stage, platform: str) -> None:
    karin = await coordinator(stage)
    await stage.until("2026-12-04 10:00")  # a Friday; the message comes on Monday
    karin.forget_news()
    await karin.remove_bot()
    await stage.at("2026-12-04 10:01")
    karin.message("Jag kan inte skriva i", STEPS[platform], "Påminnelser om Modellkonceptet")
    await karin.say("läget")
    karin.sees(STEPS[platform])


async def test_C2a_back_again_the_message_comes_and_nobody_has_to_look_at_it_any_more(stage: Stage) -> None:
    karin = await coordinator(stage)
    await stage.until("2026-12-04 10:00")
    await karin.remove_bot()
    await stage.at("2026-12-04 10:01")
    await karin.invite_bot()
    await stage.until("2026-12-08 12:00")
    assert f"2026-12-07 09:00 {TOMORROW}" in karin.channel_diary
    await karin.say("läget")
    karin.does_not_see("Jag kan inte skriva i")


async def test_C2a_never_let_in_again_the_others_are_served_and_it_is_told_that_nothing_came(
    both: Stage, platform: str
) -> None:
    here, there = await both.person("karin", platform), await both.person("karin", _other(platform))
    for karin in (here, there):
        await karin.invite_bot()
        await follow_in_channel(karin)
    await both.until("2026-12-04 10:00")
    await here.remove_bot()
    await both.until("2026-12-08 12:00")
    assert f"2026-12-07 09:00 {TOMORROW}" in there.channel_diary
    assert not [entry for entry in here.channel_diary if TOMORROW in entry]


def _other(platform: str) -> str:
    return {"slack": "teams", "teams": "slack"}[platform]
