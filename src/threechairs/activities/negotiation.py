"""A deal between two sides: ask both why, try deals, record one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from threechairs.activities.base import Activity
from threechairs.company.deals import Bound, DealTable
from threechairs.course.items import DealItem
from threechairs.course.workbook import Workbook
from threechairs.errors import UsageError
from threechairs.marking.deals import Look, look_at
from threechairs.marking.forms import Form

TRIES_BEFORE_FRONTIER = 3


class Negotiation(Activity):
    """A deal table to settle.

    Parameters
    ----------
    activity_id : str
        Under which the answer is recorded; in an assignment, the id of a question of the kind `deal`.
    workbook : Workbook
        The notebook that the activity stands in.
    table : str, optional
        Name of a deal table; in an assignment also one of the case. A question of the kind `deal` names its own.

    Raises
    ------
    UsageError
        If no table is named, another one than the question's, or one without two parties.
    ContentError
        If there is no such table.
    """

    instructions = "Ask both sides why, settle every issue, and record a deal that both can sign."

    def __init__(self, activity_id: str, workbook: Workbook, table: str = "") -> None:
        super().__init__(activity_id, workbook)
        call = f"NegotiationTable({activity_id!r})"
        item = workbook.bank.item(activity_id) if workbook.graded else workbook.question(activity_id)
        if item is not None and not isinstance(item, DealItem):
            raise UsageError(call, "this question is no deal to make")
        if item is not None and table not in ("", item.table):
            raise UsageError(call, f"the table is {table!r}", f"Its question names {item.table!r}")
        name = table or (item.table if item else "")
        if not name:
            raise UsageError(call, "no table is named", next_step='Write table="gate-4", say.')
        self.deals: DealTable = workbook.deals(name)
        if len(self.deals.parties) != 2:
            raise UsageError(call, f"{name!r} has {len(self.deals.parties)} parties", "Expected a table of two")
        self.heading = self.deals.title
        self.stem = workbook.fill(item.stem).strip() if item else ""
        self.asked: list[str] = []
        self._tried: list[dict[str, str]] = []

    @property
    def form(self) -> Form:
        """The form of an answer: one option for every issue."""
        return Form(self.id, "deal", settles=self.deals.options)

    @property
    def tried(self) -> list[dict[str, str]]:
        """The different deals that were tried, in order; a recorded one counts."""
        answer = self.recorded
        if answer and answer.value["options"] not in self._tried:
            self._tried.append(answer.value["options"])
        return list(self._tried)

    @property
    def tries_left(self) -> int:
        """How many more different deals must be tried before the frontier can be shown."""
        return max(0, TRIES_BEFORE_FRONTIER - len(self.tried))

    @property
    def bounds(self) -> list[Bound]:
        """What somebody absent needs. A lesson asks first who that is, so it is told with the first deal tried."""
        return list(self.deals.bounds) if self.mode == "graded" or self.tried else []

    def ask(self, role: str) -> str:
        """Ask one side why: its interest, its alternative, and from now on its points.

        Raises
        ------
        UsageError
            If nobody of that role sits at the table.
        """
        if role not in self.deals.parties:
            raise UsageError("Ask why", f"{role!r} is not at the table", f"Expected {' or '.join(self.deals.parties)}")
        if role not in self.asked:
            self.asked.append(role)
        party = self.deals.parties[role]
        return f"{party.name}: {party.interest} Without a deal: {party.alternative}"

    def offer(self, options: Mapping[str, str]) -> str:
        """Try a deal: who would sign it, and who that is absent would pay for it.

        Raises
        ------
        AnswerFormError
            If an issue is not settled, or not by one of its options.
        """
        deal = self.form.read({"options": options})["options"]
        if deal not in self.tried:
            self._tried.append(deal)
        worth = self.deals.verdict(deal).worth
        said = []
        for role, party in self.deals.parties.items():
            numbers = f" ({worth[role]} points, {party.reservation} without a deal)" if role in self.asked else ""
            said.append(f"{party.name} would {'' if worth[role] >= party.reservation else 'not '}sign{numbers}")
        broken = self.deals.broken(deal)
        bounds = f"; {len(broken)} of {len(self.deals.bounds)} bounds broken" if self.deals.bounds and broken else ""
        return f"{'; '.join(said)}{bounds}."

    def frontier(self) -> dict[str, Any]:
        """The deals within the bounds that nobody can improve on for free, as worths and in words.

        Raises
        ------
        UsageError
            In graded work, and before three different deals were tried.
        """
        from threechairs.models import bargaining  # numpy costs a kernel time that few notebooks need

        if self.mode == "graded":
            raise UsageError("the frontier", "it is not shown in graded work")
        if self.tries_left:
            raise UsageError("the frontier", f"{len(self.tried)} deals were tried", "Try three different ones first")
        table = self.deals
        worths, inside = table.worths, table.within
        best = bargaining.frontier(worths[inside])
        line = worths[inside][best]
        signed = bargaining.feasible(line, table.reservations)
        points = sorted({(int(x), int(y)) for x, y in line})
        bounded = " within the bounds" if table.bounds else ""
        words = (
            f"{int(best.sum())} deals{bounded} are on the frontier; both sides would sign {int(signed.sum())} of them."
        )
        nash = bargaining.nash(worths, table.reservations, among=inside)
        if len(nash):
            told = " and ".join(
                f"{int(worth)} to {party.name}"
                for worth, party in zip(worths[nash[0]], table.parties.values(), strict=True)
            )
            words += (
                f" One fair point among them gives {told}: there the product of what both gain over having no deal is "
                "largest (John Nash, 1950). It is one answer to what is fair, not the only one: from any other deal on "
                "the frontier, too, nobody gains unless somebody pays."
            )
        return {"points": [list(point) for point in points], "text": words}

    def looks(self) -> list[Look]:
        """How the recorded deal stands; empty in graded work and where nothing is recorded."""
        answer = self.recorded
        return look_at(self.deals, answer.value["options"]) if answer and self.mode != "graded" else []

    def check(self) -> list[Look]:
        """How the recorded deal stands; counts as a check, and remembers a deal that nothing is wrong with."""
        looks = self.looks()
        if looks:
            self.workbook.store.note(self.id, checks=1, solved=all(look.share == 1 for look in looks))
        return looks

    def reply(self) -> str:
        """What to say to the recorded deal."""
        return "\n".join(f"{told_mark(look)}: {look.name}. {look.reason}" for look in self.check()) or super().reply()

    def hint(self) -> str:
        """The frontier in words, once three different deals were tried."""
        if self.mode == "graded" or self.tries_left:
            more = f" {self.tries_left} more different deals, and you may see the frontier." if self.tries_left else ""
            return f"Look for what one side needs most and the other can give most cheaply.{more}"
        return str(self.frontier()["text"])

    def tell(self, value: Mapping[str, Any]) -> str:
        """The deal in words."""
        return self.deals.text(value["options"]).rstrip(".")

    def describe(self) -> str:
        """Sides, issues and points as text, with how to answer in code."""
        lines = [self.heading, *([self.stem] if self.stem else []), self.instructions, ""]
        for role, party in self.deals.parties.items():
            lines += [f"{party.name} ({role}) says: {party.position}", f"  Why: {party.interest}"]
            lines.append(f"  Without a deal: {party.alternative} Worth {party.reservation} points.")
        for bound in self.bounds:
            lines += [f"Bound: {' '.join(bound.why.split())}", f"  Kept by: {' or '.join(bound.allowed)}."]
        if len(self.bounds) < len(self.deals.bounds):
            lines.append("Whom else a deal touches, you are told once one is recorded.")
        for issue in self.deals.issues:
            lines.append(f"{issue.id}: {issue.title}")
            for at, option in enumerate(issue.options):
                worth = ", ".join(f"{role} {party.points[issue.id][at]}" for role, party in self.deals.parties.items())
                lines.append(f"  {option.id}: {option.text} ({worth})")
        first = self.deals.issues[0]
        lines += ["", f'Answer in code: answer("{self.id}", {{"{first.id}": "{first.options[0].id}", ...}})']
        if self.mode == "practice":
            lines.append(f'After three different deals, the frontier in words: hint("{self.id}")')
        if self.told():
            lines.append(f"Recorded: {self.told()}.")
        return "\n".join(lines)


def told_mark(look: Look) -> str:
    """The verdict on one respect, in words."""
    return "Right" if look.share == 1 else "Partly right" if look.share > 0 else "Not yet"
