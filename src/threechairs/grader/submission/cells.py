"""Which cell of a submission is which cell of the assignment.

Cells are found by their grade_id; where that is lost, renamed or there twice, by their text, and then by their place
between cells that are certain. What is not certain is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from threechairs.grader.submission.notes import Repair, listed, shown
from threechairs.grader.submission.reading import SubmittedCell
from threechairs.grader.submission.source import SourceCell, SourceNotebook

# words of a text that are compared: enough to tell cells apart, few enough for a notebook of 20 MB
_WORDS = 200
_ALIKE = 0.6


def match(cells: Sequence[SubmittedCell], source: SourceNotebook) -> tuple[dict[str, int], list[Repair]]:
    """Per grade_id the index of its cell in the submission, and what had to be decided.

    Parameters
    ----------
    cells : sequence of SubmittedCell
        In the learner's order.
    source : SourceNotebook
        What the assignment has.

    Returns
    -------
    places : dict of str to int
        Cells that were found; what is missing was not.
    notes : list of Repair
        Copies, and cells that were recognised without their grade_id.
    """
    return _Matching(cells, source).run()


def is_changed(cell: SubmittedCell, original: SourceCell) -> bool:
    """True if the text differs from what the learner was given; blank ends of lines do not count."""
    return _plain(cell.source) != _plain(original.given)


class _Matching:
    def __init__(self, cells: Sequence[SubmittedCell], source: SourceNotebook) -> None:
        self.cells, self.source = cells, source
        self.at: dict[str, int] = {}
        self.taken: set[int] = set()
        self.spent: set[int] = set()  # copies that are nobody's answer
        self.notes: list[Repair] = []
        self.recognised: list[str] = []
        known = {one.grade_id for one in source.cells}
        self.claims: dict[str, list[int]] = {}
        self.by_text: dict[str, list[int]] = {}
        for index, cell in enumerate(cells):
            if cell.grade_id in known:
                self.claims.setdefault(cell.grade_id, []).append(index)
            else:
                self.by_text.setdefault(_plain(cell.source), []).append(index)
        given = [_plain(one.given) for one in source.cells]
        self.unique = {text for text in given if text and given.count(text) == 1}

    def run(self) -> tuple[dict[str, int], list[Repair]]:
        """Decide from what is certain to what is less so."""
        fixed = [one for one in self.source.cells if one.is_fixed]
        answers = [one for one in self.source.cells if not one.is_fixed]
        for one in fixed:
            self._fixed_by_claim(one)
        for one in answers:
            if len(self.claims.get(one.grade_id, ())) == 1:
                self._take(one, self.claims[one.grade_id][0])
        for one in answers:
            if len(self.claims.get(one.grade_id, ())) > 1:
                self._answer_among_copies(one)
        for one in self.source.cells:
            if one.grade_id not in self.at:
                self._by_text(one)
        if self.at:
            for run in self._missing_runs():
                self._by_place(run)
        if self.recognised:
            self.notes.append(
                Repair(
                    "recognised", f"Cells without their grade_id were known by their text: {listed(self.recognised)}."
                )
            )
        return self.at, self.notes

    def _take(self, one: SourceCell, index: int) -> None:
        self.at[one.grade_id] = index
        self.taken.add(index)

    def _fixed_by_claim(self, one: SourceCell) -> None:
        copies = self.claims.get(one.grade_id, [])
        if not copies:
            return
        same = [index for index in copies if not is_changed(self.cells[index], one)]
        if not same:
            text = _plain(one.given)
            # another cell bears its name, and it lies there under another
            same = self.by_text.get(text, []) if text in self.unique and len(self.by_text.get(text, ())) == 1 else []
            same = [index for index in same if index not in self.taken]
            if same:
                self.recognised.append(one.grade_id)
        self._take(one, same[0] if same else max(copies, key=lambda index: self._alike(index, one)))
        # what only bears its name may be an answer that was renamed
        self.spent |= {index for index in copies if self._alike(index, one) >= _ALIKE}
        if len(copies) > 1:
            name = shown(one.grade_id)
            self._told_copies(
                one, f"The cell {name} was there {len(copies)} times; one counts, with its original text."
            )

    def _answer_among_copies(self, one: SourceCell) -> None:
        copies = self.claims[one.grade_id]
        changed = [index for index in copies if is_changed(self.cells[index], one)]
        self.spent |= set(copies) - set(changed)
        low, high = self._gap(one)
        pool = changed or copies
        in_place = [index for index in pool if low < index < high]
        self._take(one, (in_place or pool)[0])
        which = {0: "none was changed", 1: "the one that you changed counts"}.get(
            len(changed), f"{len(changed)} were changed, and the first of them counts"
        )
        kept = "the others were kept and run in their place"
        self._told_copies(one, f"The cell {shown(one.grade_id)} was there {len(copies)} times: {which}; {kept}.")

    def _told_copies(self, one: SourceCell, sentence: str) -> None:
        self.notes.append(Repair("copies", sentence, one.grade_id))

    def _by_text(self, one: SourceCell) -> None:
        text = _plain(one.given)
        found = [index for index in self.by_text.get(text, ()) if index not in self.taken]
        if text in self.unique and len(found) == 1:
            self._take(one, found[0])
            self.recognised.append(one.grade_id)

    def _gap(self, one: SourceCell) -> tuple[int, int]:
        """Indices between which a cell belongs, as far as its neighbours have been found."""
        order = [other.grade_id for other in self.source.cells]
        here = order.index(one.grade_id)
        low = next((self.at[name] for name in reversed(order[:here]) if name in self.at), -1)
        high = next((self.at[name] for name in order[here + 1 :] if name in self.at), len(self.cells))
        return low, high

    def _missing_runs(self) -> list[list[SourceCell]]:
        """Cells that were not found, put together where no found cell lies between them."""
        runs: list[list[SourceCell]] = [[]]
        for one in self.source.cells:
            if one.grade_id in self.at:
                runs.append([])
            else:
                runs[-1].append(one)
        return [run for run in runs if run]

    def _by_place(self, run: list[SourceCell]) -> None:
        low, high = self._gap(run[0])
        used = self.taken | self.spent
        free = [index for index in range(low + 1, high) if index not in used and self.cells[index].source.strip()]
        for one in run:
            if one.is_fixed:
                alike = [index for index in free if self._alike(index, one) >= _ALIKE]
                if len(alike) == 1:
                    self._take(one, alike[0])
                    self.recognised.append(one.grade_id)
                    free.remove(alike[0])
        answers = [one for one in run if not one.is_fixed]
        renamed = [index for index in free if self.cells[index].settings]
        unnamed = [index for index in free if not self.cells[index].settings and not self._is_authors(index)]
        for one, index in zip(answers, self._for(answers, renamed, unnamed), strict=False):
            self._take(one, index)
            sentence = f"The cell that stood in the place of the answer {shown(one.grade_id)} was taken for it."
            self.notes.append(Repair("recognised", sentence, one.grade_id))

    def _for(self, answers: list[SourceCell], renamed: list[int], unnamed: list[int]) -> list[int]:
        """Cells that are certainly these answers, one for each; otherwise none."""
        if not answers:
            return []
        if len(renamed) == len(answers):
            return renamed
        alike = [index for index in renamed + unnamed if any(self._alike(index, one) >= _ALIKE for one in answers)]
        if len(alike) == len(answers) == 1:
            return alike
        fits = [index for index in unnamed if self.cells[index].cell_type in {one.cell_type for one in answers}]
        types = [self.cells[index].cell_type for index in fits]
        # without the author's own text known, a question could be taken for an answer
        is_certain = self.source.plain is not None and not renamed and types == [one.cell_type for one in answers]
        return fits if is_certain else []

    def _is_authors(self, index: int) -> bool:
        return self.cells[index].source.strip() in (self.source.plain or ())

    def _alike(self, index: int, one: SourceCell) -> float:
        """Share of the original's words that are in the cell; learners add to it."""
        original = _words([one.given])
        # of a word or two, as in "your answer here", nothing can be told
        return len(original & _words([self.cells[index].source])) / len(original) if len(original) > 2 else 0.0


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.group() for text in texts for word in islice(re.finditer(r"\w{1,40}|[^\w\s]", text), _WORDS))


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))
