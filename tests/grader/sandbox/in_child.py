"""Do something in a forked child, whose walls end with it."""

import json
import os
import sys

import pytest

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these walls")


def in_child(action):
    """What the action returned, or the name of the error that it raised, from a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = action()
        except BaseException as error:
            answer = type(error).__name__
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return json.loads(answer or "null")


def outcome(action):
    """`done`, or the number of the system's error."""
    try:
        action()
    except OSError as error:
        return error.errno
    return "done"
