"""What all cards share: their JavaScript and style, the traits every card has, and how messages are heard."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from threechairs.activities import in_text_mode
from threechairs.errors import ThreeChairsError, UsageError, did_you_mean, told_arguments

_STATIC = Path(__file__).parent / "static"


def source(name: str, ending: str, *shared: str) -> str:
    """A card's JavaScript or style behind what all cards share and the further parts it names, as one module."""
    return "\n".join((_STATIC / f"{stem}.{ending}").read_text(encoding="utf-8") for stem in ("base", *shared, name))


class Card(anywidget.AnyWidget):
    """A widget that shows one thing and hears messages from its browser side.

    Constructing a card never writes. What the learner does arrives as messages; what the card shows are traits.
    """

    heading = traitlets.Unicode("", help="What the card is called.").tag(sync=True)
    instructions = traitlets.Unicode("", help="One sentence: what to do.").tag(sync=True)
    status = traitlets.Unicode("", help="One sentence: what just happened.").tag(sync=True)
    recorded = traitlets.Unicode("", help="The recorded answer as text; empty for none.").tag(sync=True)
    answer = traitlets.Dict(help="The recorded answer as data.").tag(sync=True)
    feedback = traitlets.Dict(help="Replies to a check.").tag(sync=True)
    locked = traitlets.Bool(False, help="True when nothing can be changed any more.").tag(sync=True)

    messages: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **unknown: Any) -> None:
        if unknown:
            name = next(iter(unknown))
            known = self.arguments()
            raise UsageError(
                f"{type(self).__name__}(...)", f"{name!r} is not an argument", next_step=did_you_mean(name, known)
            )
        super().__init__()
        self.on_msg(self._heard)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let every card say in our words what is wrong with a call."""
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = told_arguments(cls.__init__, cls.__name__)  # type: ignore[method-assign]

    @classmethod
    def arguments(cls) -> list[str]:
        """Names of the arguments that the card takes."""
        return [name for name in inspect.signature(cls.__init__).parameters if name not in {"self", "unknown"}]

    def describe(self) -> str:
        """The card as text."""
        return self.heading

    def __repr__(self) -> str:
        return self.describe()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        text = {"text/plain": self.describe()}
        shown = None if in_text_mode() else super()._repr_mimebundle_(**kwargs)
        return (text, {}) if shown is None else ({**shown[0], **text}, shown[1])

    def _heard(self, _card: Any, content: Mapping[str, Any], _buffers: Any) -> None:
        kind = content.get("type")
        if kind == "hello":
            self.send({"type": "awake"})
        elif kind in self.messages:
            try:
                with self.hold_sync():
                    getattr(self, f"_on_{kind}")(content)
            except ThreeChairsError as reason:
                self.status = str(reason)
