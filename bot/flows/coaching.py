"""A workshop as its coach sees it, from outside: the script, where the group is, and what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from bot.conversation import Flow
from bot.domain.assessment import has_scales
from bot.domain.organisations import Directory
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Clock, Text, Words, _, n_
from bot.domain.workshops import State
from bot.flows import appointing, organisations, prompts, workshops
from bot.flows.workshops import Standing, StepStanding
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Notice, Option, TextField, Tone

INVITE = "invite_coach"  # about a workshop
APPOINT = "appoint_coach"  # about nothing: the form asks
COACHING = "coaching"  # what one coaches
COACHED = "coach_workshop"  # about a workshop
SCRIPT = "coach_script"  # about a workshop
RESULT = "coach_result"  # about a workshop and one of its rounds
END = "end_coach"  # about a post: programme, organisation key, person
CONFIRM_END = "confirm_end_coach"
NEW_LINK = "coach_link"  # about a workshop: one's own page of it

NEW = Button(_("Appoint coach"), Action(APPOINT), opens_form=True)
MINE = Button(_("The workshops"), Action(COACHING), tone=Tone.PRIMARY)

_SEES = _("A coach sees the script, where you are and what is counted. Never what anybody has written, and no names.")


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody who coaches. `id` names the post to the button that ends it."""

    name: Words
    title: Text
    id: str


def title_of(programme: Programme, organisation: Words) -> Text:
    """The post, by what it follows."""
    if organisation:
        return _("Coach of {organisation}: {programme}", organisation=organisation, programme=programme.title)
    return _("Coach: {programme}", programme=programme.title)


# --- Appointing -------------------------------------------------------------------------------------------------------


def invite(workshop: str) -> Button:
    return Button(_("Invite a coach"), Action(INVITE, workshop))


def invitation(code: str, standing: Standing, there: Sequence[Post]) -> Card:
    """A code for a coach of these workshops, and who coaches them already."""
    card = _code(code, (workshops.open_card(standing.workshop.id),))
    return replace(card, items=tuple(_post(one) for one in there))


def code_alone(code: str) -> Card:
    return _code(code, (appointing.WHO_DOES_WHAT,))


def _code(code: str, ways: tuple[Button, ...]) -> Card:
    asked = _("Ask the coach to write to Lärträff, in Slack or in Teams: link {code}", code=code)
    card = appointing.code_card(_("Invite a coach"), asked)
    return replace(card, body=(*card.body, _SEES), buttons=ways)


def _post(one: Post) -> Item:
    return Item(one.name, (one.title,), buttons=(Button(_("End"), Action(END, one.id)),))


def now_coach(post: Text, by: Words) -> Card:
    return Card(
        _("You are a coach now"),
        body=(
            post,
            _("{name} has appointed you.", name=by),
            _("You see the script, where they are and what is counted. What people write stays with them."),
            _("Write “workshop” whenever you want to see where they are."),
        ),
        buttons=(MINE,),
        tone=Tone.GOOD,
    )


def is_coach(name: Words, post: Text) -> Notice:
    """To the one who appointed them."""
    return Notice(_("{name} follows your workshops now. {post}", name=name, post=post), Tone.GOOD)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose workshops a coach is to follow."""

    programme: str = ""
    organisation: str = ""  # empty: the whole programme


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    programmes: tuple[Programme, ...]  # that have workshops
    directory: Directory


class CodeDesk(Protocol):
    """What the flow acts through."""

    def coach_code(self, programme: str, organisation_key: str) -> str:
        """A one-time code: whoever uses it coaches the programme's workshops, or one organisation's."""


flow: Flow[Choice, Facts, CodeDesk] = Flow("coach", Choice, version=1)


@flow.ask("whose")
def ask_whose(choice: Choice, facts: Facts) -> Form:
    options = tuple(Option(one.id, one.title) for one in facts.programmes)
    which = (ChoiceField("programme", _("Programme"), options),) if len(options) > 1 else ()
    hint = _("For example Lunds kommun. Leave it empty for the whole programme.")
    return Form(
        _("Appoint coach"),
        (*which, TextField("organisation", _("Organisation"), hint=hint, required=False, max_chars=100)),
        intro=(_SEES,),
    )


@flow.check("whose")
def check_whose(choice: Choice, facts: Facts) -> Choice:
    if not choice.organisation:
        return choice
    return replace(choice, organisation=organisations.named(facts.directory, choice.organisation).name)


@flow.on_done
def done(choice: Choice, facts: Facts, desk: CodeDesk) -> Card:
    key = organisations.named(facts.directory, choice.organisation).key if choice.organisation else ""
    return code_alone(desk.coach_code(choice.programme or facts.programmes[0].id, key))


def no_workshops() -> Text:
    return _("No programme has a workshop yet. Workshops are written in the programme’s file.")


# --- Ending -----------------------------------------------------------------------------------------------------------


def ask_to_end(one: Post, *, own: bool) -> Card:
    return Card(
        _("Stop coaching?") if own else _("End this post?"),
        body=(_("{name}: {post}", name=one.name, post=one.title),),
        buttons=(Button(_("End it"), Action(CONFIRM_END, one.id), tone=Tone.DANGER),),
    )


def ended(one: Post, *, own: bool) -> Notice:
    if own:
        return Notice(_("You are no longer a coach. Thank you for being there! {post}", post=one.title), Tone.GOOD)
    return Notice(_("Ended. {name}: {post}", name=one.name, post=one.title), Tone.GOOD)


def post_gone() -> Text:
    return _("This has changed meanwhile, or it is not yours to end. Write “workshop” to see how it stands.")


# --- What a coach sees ------------------------------------------------------------------------------------------------


def overview(going_on: Sequence[Standing], posts: Sequence[Post]) -> Card:
    """The workshops that somebody coaches, the newest first, and the way to leave."""
    if not posts:
        return Card(
            _("You do not coach any workshop"), body=(_("Ask whoever leads it for a code, and write it to me."),)
        )
    return Card(
        _("Workshops that you coach"),
        body=() if going_on else (_("None has begun yet. When one does, you find it here."),),
        items=(*(item(one) for one in going_on), *(_own(one) for one in posts)),
    )


def item(one: Standing) -> Item:
    """A workshop in a list, with the way in."""
    return Item(
        workshops.whose(one),
        lines=(where(one),),
        buttons=(Button(_("Follow it"), Action(COACHED, one.workshop.id), tone=Tone.PRIMARY),),
    )


def _own(one: Post) -> Item:
    return Item(one.title, buttons=(Button(_("Stop coaching"), Action(END, one.id)),))


def where(standing: Standing) -> Words:
    """Which step it is at, unless it is over."""
    return _("The workshop is over") if standing.workshop.state is State.ENDED else workshops.heading(standing.workshop)


def card(standing: Standing, page: str, *, renewed: bool = False) -> Card:
    """Where the workshop is, and what is counted in every step."""
    workshop = standing.workshop
    rest = (_("There is a break now."),) if workshop.state is State.PAUSED else ()
    new = (_("The old link opens nothing any more."),) if renewed else ()
    return Card(
        where(standing),
        body=(*new, workshops.whose(standing), *rest),
        facts=tuple(_times(standing)),
        items=tuple(_step(one, standing) for one in standing.steps if one.round is not None and one.step.set),
        buttons=(
            _open(page),
            Button(_("Read the whole script"), Action(SCRIPT, workshop.id)),
            Button(_("New link"), Action(NEW_LINK, workshop.id)),
        ),
        footnote=_("You see the script, where they are and what is counted. What people write stays with them."),
        refresh=Action(COACHED, workshop.id),
    )


def _times(standing: Standing) -> Iterator[Fact]:
    workshop, following = standing.workshop, standing.following
    if workshop.ends_at is not None:
        yield Fact(_("Lasts until"), Clock(workshop.ends_at, standing.programme.zone))
    if following is not None and workshop.state is not State.ENDED:
        yield Fact(_("Then"), following.title)


def _step(one: StepStanding, standing: Standing) -> Item:
    about = one.round
    shown = about is not None and has_result(one)
    action = Action(RESULT, f"{standing.workshop.id} {about.id}" if about is not None else "")
    return Item(
        one.step.title,
        lines=tuple(too_few(one)),
        facts=tuple(counted(one)),
        buttons=(Button(_("Result"), action),) if shown else (),
    )


def too_few(one: StepStanding) -> Iterator[Text]:
    """The boxes of which nothing is shown to anybody."""
    for box in one.withheld:
        yield _("{box}: too few have answered, so nothing of it is shown.", box=box)


def has_result(one: StepStanding) -> bool:
    """Whether there is something to see for a coach: closed, and each person has answered alone and sealed.

    What a group has agreed on is as good as a word of theirs, and may stem from two people.
    """
    return one.round is not None and one.is_closed and one.round.mode is Mode.SEALED and has_scales(one.round)


def counted(one: StepStanding) -> Iterator[Fact]:
    """How much there is, in numbers. A group's name is somebody's words: it gets its role and a number instead."""
    found = one.progress
    if found is None or not (one.is_open or one.is_closed):
        return
    if found.round.mode is Mode.SEALED:
        for box in found.round.boxes:
            if box.role in found.steps:
                yield Fact(prompts.box_name(box), found.steps[box.role])
        return
    for number, group in enumerate(found.groups, 1):
        yield Fact(_group(found.round, group.role, number), n_("{n} post", "{n} posts", group.posts))


def _group(about: Round, role: str, number: int) -> Text:
    name = next((box.name for box in about.boxes if role and box.role == role), None)
    return _("Group {n}, {role}", n=number, role=name) if name is not None else _("Group {n}", n=number)


def script(standing: Standing) -> Card:
    """Every step, with what whoever leads it says."""
    workshop = standing.workshop
    back = Button(_("The workshop"), Action(COACHED, workshop.id))
    return workshops.script(workshop.script, standing.programme, workshop.at, (back,))


def result(shown: Card, workshop: str, page: str) -> Card:
    """A result with no other way on than the coach's own page, where every figure stands."""
    back = Button(_("The workshop"), Action(COACHED, workshop))
    return replace(shown, buttons=(_open(page), back))


def _open(page: str) -> Button:
    return Button(_("Open the page"), url=page, tone=Tone.PRIMARY)
