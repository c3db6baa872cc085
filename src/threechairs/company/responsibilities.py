"""Who answers for what: duties that people hold, and a draft RACI of the charter's decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from threechairs.company.draws import Draws
from threechairs.company.made import Made, Maker
from threechairs.company.people import IT
from threechairs.datasets import table
from threechairs.errors import ContentError

if TYPE_CHECKING:
    from threechairs.company.firm import Firm

HARMLESS_DUTY = "write-policy"
RACI_COLUMNS = ("board", "ceo", "cso", "ciso", "cio", "gc")
_WITH_DUTIES = (IT, "information security", "procurement", "finance")
_ROW_FAULTS = ("R1", "R2", "R3", "R4", "R5")
_FAULTS = 6
_TOO_MANY_CONSULTED = 4
_LARGEST_SHARE_OF_ROWS = 0.4
_UNKNOWN_LETTERS = ("X", "S", "C/I", "RA")

Cells = dict[str, str | None]


def duties_users(
    firm: Firm, draws: Draws, *, people: int = 120, violators: Sequence[int] = (10, 14), twice: Sequence[int] = (3, 6)
) -> Made:
    """Duties that people hold, one row per person and duty.

    Parameters
    ----------
    firm : Firm
        For its users.
    draws : Draws
        The firm's stream for this table.
    people : int, default 120
        Number of people, all with at least one duty.
    violators, twice : pair of int
        Smallest and largest number of people who hold a pair of duties of `duty_conflicts`, and of those among them
        who hold two pairs. Each pair is held by somebody.

    Returns
    -------
    Made
        Columns `user_id` and `duty`. The key counts `violators`, and `violations`: every pair that somebody holds.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> 10 <= Firm("alice", "demo").key("duties_users")["violators"] <= 14
    True
    """
    pairs = [frozenset((row["first"], row["second"])) for row in table("duty_conflicts")]
    duties = [*dict.fromkeys(duty for row in table("duty_conflicts") for duty in (row["first"], row["second"]))]
    duties.append(HARMLESS_DUTY)
    able = [row["user_id"] for row in firm.rows("users") if row["department"] in _WITH_DUTIES and not row["left_on"]]
    holders = sorted(draws.sample(able, people))
    number = draws.whole(*violators)
    planted = [*draws.sample(pairs, len(pairs)), *(draws.pick(pairs) for _ in range(number - len(pairs)))][:number]
    second = draws.whole(*twice)
    violations = 0
    found = []
    breaks = dict(zip(draws.sample(holders, number), planted, strict=True))
    for user in holders:
        held = set(breaks.get(user, ()))
        broken = len(breaks.keys() & {user})
        order = draws.sample(duties, len(duties))
        if broken and second:
            more = next((duty for duty in order if _pairs_within(held | {duty}, pairs) == 2), None)
            if more:
                held.add(more)
                broken, second = 2, second - 1
        for duty in order[: draws.whole(1, 4)]:
            if _pairs_within(held | {duty}, pairs) == broken:
                held.add(duty)
        violations += broken
        found += [{"user_id": user, "duty": duty} for duty in duties if duty in held]
    return Made(tuple(found), {"violators": number, "violations": violations})


def raci(_firm: Firm, draws: Draws, *, rows: int = 25) -> Made:
    """A draft RACI with six faults, one row per decision.

    The sound draft follows the charter: it holds decisions whose A lies in one of the columns, and an R outside of
    them counts for whoever holds the A.

    Parameters
    ----------
    draws : Draws
        The firm's stream for this table.
    rows : int, default 25
        Number of decisions, at least 20.

    Returns
    -------
    Made
        Columns `decision_id`, `decision`, `board`, `ceo`, `cso`, `ciso`, `cio` and `gc`, whose cells are `"R"`,
        `"A"`, `"C"`, `"I"`, `"A/R"` or `None`, faults aside. There is an empty row, no rule R1 to R5 is broken on
        purpose more than twice, and in half of all drafts one role holds an A in more than 40 % of the rows (R6).
        The key counts `faults` (six) and, as an empty row breaks three rules, `findings`; then the findings per rule
        and the `faulty_rows` with an error. R5 and R6 are warnings.

    Raises
    ------
    ContentError
        If the charter does not have so many decisions with an A in the columns.

    Examples
    --------
    >>> from threechairs.company.firm import Firm
    >>> Firm("alice", "demo").key("raci")["faults"]
    6
    """
    sound = [row for row in table("decisions") if row["accountable"] in RACI_COLUMNS]
    if len(sound) < rows:
        raise ContentError(
            "decisions.csv", f"{len(sound)} decisions have their A among {', '.join(RACI_COLUMNS)}", f"Expected {rows}"
        )
    chosen = sorted(draws.sample(range(len(sound)), rows))
    matrix = [{"decision_id": sound[at]["decision_id"], "decision": sound[at]["decision"]} for at in chosen]
    cells = [_sound_cells(sound[at]) for at in chosen]
    too_powerful = draws.chance(0.5)
    kinds = ["R3", *draws.sample([*_ROW_FAULTS, "R1", "R2", "R4", "R5"], _FAULTS - 1 - too_powerful)]
    order = draws.sample(range(rows), rows)
    for at, kind in zip(order, kinds, strict=False):
        cells[at] = _broken(cells[at], kind, draws)
    if too_powerful:
        _give_power(cells, order[len(kinds) :], draws.pick(("ciso", "cio")))
    empty = kinds.count("R3")
    findings = {rule: kinds.count(rule) for rule in _ROW_FAULTS} | {"R6": int(too_powerful)}
    findings["R1"] += empty
    findings["R2"] += empty
    key = {"faults": _FAULTS, "findings": sum(findings.values()), **findings}
    key["faulty_rows"] = len(kinds) - kinds.count("R5")
    return Made(tuple({**row, **own} for row, own in zip(matrix, cells, strict=True)), key)


def _pairs_within(held: Set[str], pairs: Sequence[Set[str]]) -> int:
    return sum(pair <= held for pair in pairs)


def _sound_cells(decision: Mapping[str, Any]) -> Cells:
    """A row of the charter as cells; who is not among the columns does the work for whoever answers for it."""
    accountable = decision["accountable"]
    cells: Cells = dict.fromkeys(RACI_COLUMNS)
    for letter, roles in (
        ("I", decision["informed_must"]),
        ("C", decision["consulted"]),
        ("R", decision["responsible"]),
    ):
        cells |= {role: letter for role in roles if role in cells}
    others_do_it = any(letter == "R" and role != accountable for role, letter in cells.items())
    cells[accountable] = "A" if others_do_it else "A/R"
    return cells


def _broken(cells: Cells, rule: str, draws: Draws) -> Cells:
    """The row with one rule broken, and no other rule (but an empty row breaks R1 and R2 as well)."""
    (accountable,) = (role for role, cell in cells.items() if cell in {"A", "A/R"})
    spare = [role for role, cell in cells.items() if cell in {None, "I", "C"}]
    if rule == "R1":
        if draws.chance(0.5):
            return cells | {draws.pick(spare): "A"}
        return cells | {accountable: "R" if cells[accountable] == "A/R" else None}
    if rule == "R2":
        return cells | {role: "I" for role, cell in cells.items() if cell == "R"} | {accountable: "A"}
    if rule == "R3":
        return dict.fromkeys(cells)
    if rule == "R4":
        return cells | {draws.pick(spare): draws.pick(_UNKNOWN_LETTERS)}
    return cells | dict.fromkeys(draws.sample(spare, _TOO_MANY_CONSULTED), "C")


def _give_power(rows: list[Cells], untouched: Sequence[int], role: str) -> None:
    """Makes a role accountable in just more rows than is wise, by swapping cells, so that no other rule is broken."""
    held = sum(cells[role] in {"A", "A/R"} for cells in rows)
    for at in untouched:
        if held > _LARGEST_SHARE_OF_ROWS * len(rows):
            return
        (accountable,) = (other for other, cell in rows[at].items() if cell in {"A", "A/R"})
        if accountable != role:
            rows[at] |= {role: rows[at][accountable], accountable: rows[at][role]}
            held += 1


MAKERS: dict[str, Maker] = {"duties_users": duties_users, "raci": raci}
