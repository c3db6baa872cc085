"""The decision record: what was decided, by whom, who heard of it, and what was left open.

Judgement is computed from these entries alone, never from the path, the meters, the ending or the speed. Each entry
is self-contained data; a scenario's author writes most of them under an option's `record`, the engine adds those
that follow from a decision right (`Decision`, `Ratified`) and from a deal (`Deal`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from threechairs.scenario.names import MatterRef, RightRef, RoleRef


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Floor(_Entry):
    """Something happened to a floor (life or law) that cannot be traded.

    `known` is false where nothing in the play let the chair find out before the choice; such a breach is not judged.
    """

    entry: Literal["floor"] = "floor"
    floor: Literal["life", "law"]
    event: Literal["breached", "repaired", "harmed"]
    known: bool = True


class Decision(_Entry):
    """A decision right was used.

    `signed_by` is the role that decided. `emergency` is true if life was in danger or an attack was active;
    `told_at_once` then says whether the accountable role heard immediately. `delegate_of` names the role that had
    handed the right over in writing. `loss_eur` is the yearly amount that the right is limited by.
    """

    entry: Literal["decision"] = "decision"
    right: RightRef
    signed_by: RoleRef
    consulted: tuple[RoleRef, ...] = ()
    delegate_of: RoleRef | None = None
    loss_eur: int | None = Field(default=None, ge=0)
    emergency: bool = False
    told_at_once: bool = False


class Ratified(_Entry):
    """An emergency act was confirmed by the role that answers for it, so many hours afterwards."""

    entry: Literal["ratified"] = "ratified"
    right: RightRef
    after_h: int = Field(ge=0)


class Deal(_Entry):
    """A package was agreed by consent: one option per issue of a deal table."""

    entry: Literal["deal"] = "deal"
    table: str
    options: dict[str, str]


class Imposed(_Entry):
    """A dispute was ended by the role that may decide it alone, against somebody's wish."""

    entry: Literal["imposed"] = "imposed"
    heard: bool
    told_why: bool
    review_days: int | None = Field(default=None, gt=0)


class RiskLeft(_Entry):
    """A residual risk stays open, with its expected yearly loss and the range in which an expiry is sensible."""

    entry: Literal["risk-left"] = "risk-left"
    risk: MatterRef
    loss_eur: int = Field(ge=0)
    shortest_days: int = Field(default=1, gt=0)
    longest_days: int = Field(gt=0)


class RiskSigned(_Entry):
    """Somebody put a name, and perhaps an end date, to a residual risk."""

    entry: Literal["risk-signed"] = "risk-signed"
    risk: MatterRef
    owner: RoleRef
    expires_days: int | None = Field(default=None, gt=0)


class InformDue(_Entry):
    """Somebody must hear of a matter, and somebody must not.

    The lists are those of the charter for `right` (its `informed_must` and `informed_must_not`) unless given here.
    """

    entry: Literal["inform-due"] = "inform-due"
    matter: MatterRef
    right: RightRef | None = None
    must: tuple[RoleRef, ...] = ()
    must_not: tuple[RoleRef, ...] = ()


class Informed(_Entry):
    """These roles were told of a matter."""

    entry: Literal["informed"] = "informed"
    matter: MatterRef
    roles: tuple[RoleRef, ...]


class DissentDue(_Entry):
    """A contested decision was taken: these parties have to be asked whether they dissent."""

    entry: Literal["dissent-due"] = "dissent-due"
    matter: MatterRef
    parties: tuple[RoleRef, ...] = Field(min_length=1)


class Dissent(_Entry):
    """These parties were asked; `dissented` names those who did, and `logged` says whether it was written down."""

    entry: Literal["dissent"] = "dissent"
    matter: MatterRef
    asked: tuple[RoleRef, ...]
    dissented: tuple[RoleRef, ...] = ()
    logged: bool = True


Entry = Annotated[
    Floor | Decision | Ratified | Deal | Imposed | RiskLeft | RiskSigned | InformDue | Informed | DissentDue | Dissent,
    Field(discriminator="entry"),
]
Record = tuple[Entry, ...]
