"""The firms of a thousand learners, for tests of what holds for all of them."""

from collections.abc import Mapping
from types import ModuleType

import pytest

from threechairs.company.firm import Firm


def a_thousand_firms(assignment: str, module: ModuleType, enough: Mapping[str, int]) -> list[Firm]:
    """Firms whose tables of `module` are each found within the stated number of draws."""
    made = [Firm(f"learner-{number}", assignment) for number in range(1000)]
    for name, draws in enough.items():
        with pytest.MonkeyPatch.context() as limited:
            limited.setattr(module, "TRIES", draws)
            for firm in made:
                firm.rows(name)
    return made
