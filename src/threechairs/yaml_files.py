"""YAML 1.2 files checked against a schema, with every mistake named by file, line and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from threechairs.errors import ContentError, did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def load_yaml(path: Path, model: type[Model], context: Callable[[Any], Any] | None = None) -> Model:
    """Read a YAML file into a schema.

    Parameters
    ----------
    path : pathlib.Path
        The file; YAML 1.2, so `no` is a word and `17:30` is a text.
    model : type
        A pydantic model with `extra="forbid"`.
    context : callable, optional
        Makes the validation context from the data as they stand in the file, such as the names that they declare.

    Raises
    ------
    ContentError
        With one line per mistake: `file:line:col: what is wrong. What was expected.`

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
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as reason:
        mark = reason.problem_mark or reason.context_mark
        place = f"{path.name}:{mark.line + 1}:{mark.column + 1}" if mark else path.name
        raise ContentError(
            place, f"this is not YAML: {reason.problem}", next_step="Put texts that hold ': ' or '#' under '>-'."
        ) from None
    except (UnicodeDecodeError, YAMLError) as reason:
        cause = " ".join(str(reason).split())
        raise ContentError(path.name, f"this is not text in UTF-8: {cause}", next_step="Save it as UTF-8.") from None
    try:
        return model.model_validate(data, context=context(data) if context else None)
    except ValidationError as reason:
        problems = [describe(error, path, tree, model) for error in reason.errors()]
        raise ContentError("", "\n".join(problems)) from None


def describe(error: ErrorDetails, path: Path, tree: Node | None, model: type[BaseModel]) -> str:
    """One mistake as `file:line:col: what is wrong. What was expected.`."""
    steps = tuple(error["loc"])
    node = _node_at(tree, steps)
    mark = node.start_mark if node is not None else None
    place = f"{path.name}:{mark.line + 1}:{mark.column + 1}" if mark is not None else path.name
    name = ".".join(str(step) for step in steps) or "the file"
    if error["type"] == "missing":
        return f"{place}: {name!r} is missing. Expected a value for it."
    if error["type"] == "extra_forbidden":
        hint = did_you_mean(str(steps[-1]), _fields_of(model))
        return f"{place}: {name!r} is not known here. {hint}".rstrip()
    seen = _short(error.get("input"))
    message = re.sub(r"^Value error, ", "", error["msg"])
    if error["type"] == "value_error":
        return f"{place}: {name}: {message}"
    return f"{place}: {name} is {seen}. {message}."


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


def _node_at(node: Node | None, steps: tuple[int | str, ...]) -> Node | None:
    """The deepest node on the way that exists; keys of a mapping count for its unknown fields."""
    for step in steps:
        if isinstance(node, MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if pair is None:
                # a discriminated union puts its tag into the path; it is no place in the file
                continue
            node = pair[0] if step == steps[-1] else pair[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return node


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
