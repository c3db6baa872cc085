"""Scenarios as their author writes them: `datasets/scenarios/*.yaml`.

A scenario is a set of scenes. A scene has options, and perhaps a table to strike a deal at; a scene with an `ending`
ends the play. What an option brings about is a `Consequence`: its own, then that of the first of its `outcomes`
whose condition holds, so an outcome may add to or override where the play goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from threechairs.scenario.names import (
    DrawRef,
    FactRef,
    FlagRef,
    MeterRef,
    RightRef,
    RoleRef,
    SceneRef,
    Slug,
    TableRef,
)
from threechairs.scenario.record import Entry

Chair = Literal["cso", "ciso", "cio"]
CHAIRS: tuple[Chair, ...] = ("cso", "ciso", "cio")
Sure = Literal["known", "suspected", "believed"]
"""How a party holds a fact: it knows it, suspects it, or wrongly believes it (only facts with `true: false`)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DealCondition(_Strict):
    """What must be true of the deal on the table; everything that is given must hold.

    `accepted`: every party gets at least its reservation value. `within`: it keeps every bound of the table.
    `efficient`: no accepted deal within the bounds is better for one party and worse for none.
    `options`: per issue, the options of which one was chosen.
    """

    accepted: bool | None = None
    within: bool | None = None
    efficient: bool | None = None
    options: dict[str, list[str]] = {}


class Condition(_Strict):
    """A condition from a closed list; everything that is given must hold.

    `knows` and `suspects` are about the chair that plays (suspecting includes knowing); `told` about others: per
    role, the facts that it has come to know. `unratified` names rights used in an emergency and not confirmed yet.
    """

    chair: list[Chair] = []
    flags: list[FlagRef] = []
    without: list[FlagRef] = []
    at_least: dict[MeterRef, int] = {}
    at_most: dict[MeterRef, int] = {}
    knows: list[FactRef] = []
    suspects: list[FactRef] = []
    ignores: list[FactRef] = []
    told: dict[RoleRef, list[FactRef]] = {}
    drawn: dict[DrawRef, str] = {}
    unratified: list[RightRef] = []
    deal: DealCondition | None = None
    any_of: list[Condition] = []


class Passage(_Strict):
    """A text that is shown when its condition holds."""

    when: Condition = Condition()
    text: str


def _form_of_words(value: Any) -> str:
    # so that a mistake in a passage is told alone, without "this is no text" beside it
    return "passages" if isinstance(value, list) else "text"


Words = Annotated[
    Annotated[str, Tag("text")] | Annotated[list[Passage], Tag("passages")], Discriminator(_form_of_words)
]


class Use(_Strict):
    """Use of a decision right by the chair that plays, or by another role that it brings to decide (`signed_by`).

    `emergency` is the condition under which this is an emergency act; without it, it is none.
    """

    right: RightRef
    signed_by: RoleRef | None = None
    consulted: list[RoleRef] = []
    delegate_of: RoleRef | None = None
    loss_eur: int | None = Field(default=None, ge=0)
    emergency: Condition | None = None
    told_at_once: bool = False


class Ratify(_Strict):
    """The role that answers confirms an emergency act, so many hours after it."""

    right: RightRef
    after_h: int = Field(ge=0)


class Consequence(_Strict):
    """What an option brings about.

    `meters` are changes, kept within each meter's range. `learn` is what the chair comes to know, `tell` is to whom
    it tells what. `record` are entries of the decision record. `goto` is the next scene.
    """

    reply: Words = ""
    meters: dict[MeterRef, int] = {}
    set: list[FlagRef] = []
    clear: list[FlagRef] = []
    learn: dict[FactRef, Sure] = {}
    tell: dict[FactRef, list[RoleRef]] = {}
    uses: list[Use] = []
    ratify: list[Ratify] = []
    record: list[Entry] = []
    goto: SceneRef | None = None


class Outcome(Consequence):
    """A further consequence that holds under a condition."""

    when: Condition = Condition()


class Option(Consequence):
    """One thing that can be done in a scene.

    `chairs` are the chairs that can do it (all unless given). `best_case` is the best that can be said for it.
    `teaches: floor` tells the lint that the option is bad on purpose, because a floor is the lesson.
    """

    id: Slug
    text: str
    chairs: list[Chair] = []
    when: Condition = Condition()
    outcomes: list[Outcome] = []
    best_case: str = ""
    teaches: Literal["floor"] | None = None


class Table(_Strict):
    """A deal to strike: the table of points, and what follows from what is put on it.

    `reveals` says per party under which condition the chair knows its points; those of other parties are open.
    """

    table: TableRef
    reveals: dict[RoleRef, Condition] = {}
    chairs: list[Chair] = []
    when: Condition = Condition()
    invitation: str
    outcomes: list[Outcome] = Field(min_length=1)


class Ending(_Strict):
    """How a play ends, and what each of the chairs says eight weeks on."""

    kind: Literal["lasts", "looks-good", "bad"]
    title: str
    voices: dict[Chair, Words]


class Scene(_Strict):
    """One moment of the story.

    `inject` marks the scene in which news from outside changes which right applies.
    """

    id: Slug
    title: str
    time: str = ""
    text: Words
    inject: bool = False
    options: list[Option] = []
    deal: Table | None = None
    ending: Ending | None = None

    @model_validator(mode="after")
    def _goes_on_or_ends(self) -> Scene:
        if bool(self.ending) == bool(self.options or self.deal):
            seen = "has an ending and goes on" if self.ending else "leads nowhere"
            raise ValueError(f"scene {self.id!r} {seen}. Expected either an 'ending', or 'options' or a 'deal'")
        ids = [option.id for option in self.options]
        doubled = sorted({one for one in ids if ids.count(one) > 1})
        if doubled:
            raise ValueError(f"option {doubled[0]!r} stands twice in scene {self.id!r}. Expected an id of its own")
        return self


class Meter(_Strict):
    """A whole number that decisions move. `chair` is the one that sees it while playing; without it, all do."""

    label: str
    unit: str = ""
    start: int
    least: int
    most: int
    good: Literal["low", "high"]
    chair: Chair | None = None

    @model_validator(mode="after")
    def _starts_inside(self) -> Meter:
        if not self.least <= self.start <= self.most:
            raise ValueError(f"start is {self.start}. Expected a number from {self.least} to {self.most}")
        return self


class Fact(_Strict):
    """Something that is so, or that somebody wrongly believes; it moves only when it is told or asked for.

    Whoever comes to know it gives up the beliefs that it `corrects`.
    """

    text: str
    true: bool = True
    at_start: dict[RoleRef, Sure] = {}
    corrects: list[FactRef] = []


class Person(_Strict):
    """Somebody in the story. `true_sentence` is the one thing that they are right about."""

    name: str
    role: RoleRef | None = None
    who: str
    wants: str = ""
    true_sentence: str = ""
    at_stake: bool = False


class Seat(_Strict):
    """How one chair begins: where, with what in mind, and with which voice."""

    opening: SceneRef
    brief: Words


class Scenario(_Strict):
    """A whole scenario.

    `matters` names what can be left open, told or contested, in words. `draws` are the hidden facts of a play: of
    each one value is drawn, with the words that tell it. `overreach` is what happens, besides, whenever somebody uses
    a right that they do not hold.
    """

    format: Literal[1]
    scenario: Slug
    title: str
    minutes: int = Field(gt=0)
    claims: list[str] = []
    summary: str
    seats: dict[Chair, Seat]
    cast: dict[Slug, Person]
    meters: dict[Slug, Meter]
    flags: list[Slug] = []
    facts: dict[Slug, Fact] = {}
    draws: dict[Slug, dict[Slug, str]] = {}
    matters: dict[Slug, str] = {}
    overreach: Consequence
    scenes: list[Scene] = Field(min_length=1)

    def scene(self, scene_id: str) -> Scene:
        """Scene by its id."""
        return self._scenes_by_id[scene_id]

    @property
    def chairs(self) -> tuple[Chair, ...]:
        """The chairs that the scenario can be played from."""
        return tuple(chair for chair in CHAIRS if chair in self.seats)

    def consequences(self) -> Iterator[tuple[Scene, Consequence]]:
        """Every consequence with its scene: options, tables and their outcomes."""
        for scene in self.scenes:
            for option in scene.options:
                yield scene, option
                for outcome in option.outcomes:
                    yield scene, outcome
            for outcome in scene.deal.outcomes if scene.deal else ():
                yield scene, outcome

    @cached_property
    def _scenes_by_id(self) -> dict[str, Scene]:
        return {scene.id: scene for scene in self.scenes}

    @model_validator(mode="after")
    def _has_no_scene_twice(self) -> Scenario:
        ids = [scene.id for scene in self.scenes]
        doubled = sorted({one for one in ids if ids.count(one) > 1})
        if doubled:
            raise ValueError(f"scene {doubled[0]!r} stands twice. Expected an id of its own for each scene")
        return self
