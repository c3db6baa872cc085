"""Names that a scenario uses, each checked against what the scenario and the charter declare.

A field of type `SceneRef` accepts any name of a scene that the validation context knows. So a wrong name is a mistake
at its own place in the file, and all mistakes are told at once. Without a context (in tests of single entries) every
name is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from threechairs.errors import did_you_mean

Names = Mapping[str, Collection[str]]
"""What a validation context holds: for each kind of name (`"scene"`, `"meter"`, ...), the names that are declared."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _declared(kind: str, where: str) -> Callable[[str, ValidationInfo], str]:
    def check(name: str, info: ValidationInfo) -> str:
        known: Any = (info.context or {}).get(kind)
        if known is not None and name not in known:
            raise ValueError(
                f"there is no {kind} {name!r}. Expected one of {where}. {did_you_mean(name, known)}".rstrip()
            )
        return name

    return check


SceneRef = Annotated[str, AfterValidator(_declared("scene", "this scenario's scenes"))]
MeterRef = Annotated[str, AfterValidator(_declared("meter", "those under 'meters'"))]
FlagRef = Annotated[str, AfterValidator(_declared("flag", "those under 'flags'"))]
FactRef = Annotated[str, AfterValidator(_declared("fact", "those under 'facts'"))]
DrawRef = Annotated[str, AfterValidator(_declared("draw", "those under 'draws'"))]
MatterRef = Annotated[str, AfterValidator(_declared("matter", "those under 'matters'"))]
RoleRef = Annotated[str, AfterValidator(_declared("role", "datasets/tables/roles.csv"))]
RightRef = Annotated[str, AfterValidator(_declared("right", "datasets/tables/decisions.csv"))]
TableRef = Annotated[str, AfterValidator(_declared("deal table", "the files in datasets/deals/"))]
