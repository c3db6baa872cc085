"""YAML 1.2 files checked against a schema, with every mistake named by file, line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from threechairs.errors import ContentError, did_you_mean

Model = TypeVar("Model", bound=BaseModel)
Steps = tuple[int | str, ...]
"""The way to a place in a file: keys and numbers of entries."""
Position = tuple[int, int]
KEY = "[key]"
"""Stands at the end of a way to a key itself, where the key is wrong and not its value."""


class Mistake(NamedTuple):
    """Something that a schema cannot see, such as a name that only another part of the file declares."""

    steps: Steps
    sentence: str


def load_yaml(
    path: Path,
    model: type[Model],
    context: Callable[[Any], Any] | None = None,
    beyond: Callable[[Any], Iterable[Mistake]] | None = None,
) -> Model:
    """Read a YAML file into a schema.

    Parameters
    ----------
    path : pathlib.Path
        The file; YAML 1.2, so `no` is a word and `17:30` is a text.
    model : type
        A pydantic model with `extra="forbid"`.
    context : callable, optional
        Makes the validation context from the data as they stand in the file, such as the names that they declare.
    beyond : callable, optional
        Finds further mistakes in the data as they stand in the file, which may break the schema as well. What it
        finds counts once if the schema says the same sentence.

    Raises
    ------
    ContentError
        With one line per mistake, from the top of the file: `file:line:col: what is wrong. What was expected.`

    Examples
    --------
    >>> import tempfile
    >>> from pydantic import ConfigDict
    >>> class Lesson(BaseModel):
    ...     model_config = ConfigDict(extra="forbid")
    ...     title: str
    >>> file = Path(tempfile.mkdtemp()) / "lesson.yaml"
    >>> _ = file.write_text("titel: Three chairs")
    >>> load_yaml(file, Lesson)
    Traceback (most recent call last):
        ...
    threechairs.errors.ContentError: lesson.yaml:1:1: 'title' is missing. Expected a value for it.
    lesson.yaml:1:1: 'titel' is not known here. Did you mean 'title'?
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text)
        data = _worded(yaml.constructor.construct_document(tree) if tree is not None else None)
    except MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        place = f"{path.name}:{mark.line + 1}:{mark.column + 1}" if mark else path.name
        raise ContentError(
            place, f"this is not YAML: {reason.problem}", next_step="Put texts that hold ': ' or '#' under '>-'."
        ) from None
    except (UnicodeDecodeError, YAMLError) as reason:
        cause = " ".join(str(reason).split())
        raise ContentError(path.name, f"this is not text in UTF-8: {cause}", next_step="Save it as UTF-8.") from None
    further = list(beyond(data)) if beyond else []
    errors: list[ErrorDetails] = []
    try:
        made = model.model_validate(data, context=context(data) if context else None)
    except ValidationError as reason:
        errors = reason.errors()
    if not errors and not further:
        return made
    twice = {mistake.sentence for mistake in further}
    found = [describe(error, path, tree, model) for error in errors if _sentence(error) not in twice]
    found += [(position(tree, steps), f"{_place(path, tree, steps)}: {sentence}") for steps, sentence in further]
    lines = dict.fromkeys(line for _position, line in sorted(found, key=lambda one: one[0]))
    raise ContentError("", "\n".join(line if line.endswith((".", "?")) else f"{line}." for line in lines))


def compose(path: Path) -> Node | None:
    """The file as a tree of nodes that know their places; for a file that has been read without mistakes."""
    tree: Node | None = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    return tree


def describe(error: ErrorDetails, path: Path, tree: Node | None, model: type[BaseModel]) -> tuple[Position, str]:
    """Where a mistake is, and it as `file:line:col: what is wrong. What was expected. Did you mean …?`."""
    steps = tuple(error["loc"])
    where = position(tree, steps)
    at = _place(path, tree, steps)
    name = ".".join(str(step) for step in steps if step != KEY) or "the file"
    if error["type"] == "missing":
        return where, f"{at}: {name!r} is missing. Expected a value for it."
    if error["type"] == "extra_forbidden":
        hint = did_you_mean(str(steps[-1]), _fields_of(model))
        return where, f"{at}: {name!r} is not known here. {hint}".rstrip()
    if error["type"] == "value_error":
        return where, f"{at}: {name}: {_sentence(error)}"
    expected = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    hint = did_you_mean(str(error.get("input")), expected)
    hint = f" {hint}" if hint.startswith("Did you mean") else ""
    return where, f"{at}: {name} is {_short(error.get('input'))}. {_sentence(error)}.{hint}"


def position(tree: Node | None, steps: Steps) -> Position:
    """Line and column, from 1, of the deepest node on the way that exists; (0, 0) if there is none."""
    node = _node_at(tree, steps)[2]
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node is not None else (0, 0)


def _place(path: Path, tree: Node | None, steps: Steps) -> str:
    """A place in a file as `file:line:col`."""
    line, column = position(tree, steps)
    return f"{path.name}:{line}:{column}" if line else path.name


def _worded(data: Any) -> Any:
    """The data with `true` and `false` as words where they are keys: there they are names, as any other."""
    if isinstance(data, dict):
        return {str(key).lower() if isinstance(key, bool) else key: _worded(value) for key, value in data.items()}
    return [_worded(value) for value in data] if isinstance(data, list) else data


def _sentence(error: ErrorDetails) -> str:
    return re.sub(r"^Value error, ", "", error["msg"])


def _fields_of(model: type[BaseModel]) -> set[str]:
    """Field names of a model and of the models inside it, to suggest from."""
    names: set[str] = set()
    waiting: list[Any] = [model]
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names.update(kind.model_fields)
            waiting.extend(field.annotation for field in kind.model_fields.values())
        else:
            waiting.extend(getattr(kind, "__args__", ()))
    return names


def _node_at(node: Node | None, steps: Steps) -> tuple[bool, int, Node | None]:
    """Whether the last step of the way exists, how many do, and the deepest node: the last key, not its value.

    A union puts the tag of its branch into the way, which is no place in the file, yet a key may have the same name.
    So each step is both taken and left out, and what gets to the end, or deeper, counts.
    """
    if not steps or node is None:
        return not steps, 0, node
    step, rest = steps[0], steps[1:]
    last = not rest or rest == (KEY,)
    ways = [(False, *_node_at(node, rest)[1:]) if last else _node_at(node, rest)]
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                found, depth, deepest = (True, 0, key) if last else _node_at(value, rest)
                ways.append((found, depth + 1, deepest))
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        found, depth, deepest = _node_at(node.value[step], rest)
        ways.append((found, depth + 1, deepest))
    return max(reversed(ways), key=lambda way: way[:2])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
