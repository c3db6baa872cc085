"""Who is in the class: enough learners to show every listed misconception, beside one all right and one untouched."""

from __future__ import annotations

from content.attempts_file import Given, Learner, read_attempts

ASSIGNMENT = "l01-three-chairs"


class ClassList:
    """Learners of the attempts file, by name, with what each of them answers.

    Attributes
    ----------
    right, untouched : str
        Who answers everything right, and who answers nothing.
    answers : dict
        What each learner answers; for the untouched one, nothing.
    left_out : set of (question, misconception)
        What nobody shows; empty unless the file has grown beyond its cases.
    """

    def __init__(self, assignment: str = ASSIGNMENT) -> None:
        self.file = read_attempts(assignment)
        self.right, self.untouched, *others = reversed(self.file.cases)
        all_right = Learner(self.right, assignment)
        self.answers = {self.right: [all_right.right(question) for question in self.file.questions], self.untouched: []}
        self.left_out = {
            (question, belief)
            for question, attempts in self.file.questions.items()
            for one in attempts.wrong
            for belief in one.belief
        }
        self._given: set[tuple[str, str]] = set()
        learners = {name: Learner(name, assignment) for name in others}
        while self.left_out and learners:
            # whoever can show most of what nobody has shown yet; so the class stays small
            name = max(learners, key=lambda one: len(self._new_beliefs(learners[one])))
            learner = learners.pop(name)
            self.answers[name] = [self._next(learner, question) for question in self.file.questions]

    @property
    def wrong(self) -> list[str]:
        """Learners who give listed wrong answers."""
        return [name for name in self.answers if name not in {self.right, self.untouched}]

    def points(self, name: str) -> float:
        """Automatic points that a learner must get."""
        return sum(given.points for given in self.answers[name])

    def _new_beliefs(self, learner: Learner) -> set[tuple[str, str]]:
        shown = {
            (question, belief)
            for question in self.file.questions
            for one in learner.wrong(question)
            for belief in one.beliefs
        }
        return shown & self.left_out

    def _next(self, learner: Learner, question: str) -> Given:
        """A wrong answer that shows something new, else one that nobody has given, else the right one.

        For sorting: all that fit together.
        """
        fresh = [one for one in learner.wrong(question) if (question, one.names[0]) not in self._given]
        if not fresh:
            return learner.right(question)
        fresh.sort(key=lambda one: -sum((question, belief) in self.left_out for belief in one.beliefs))
        given = learner.together(question, fresh) if fresh[0].kind == "sort" else fresh[0]
        self._given |= {(question, name) for name in given.names}
        self.left_out -= {(question, belief) for belief in given.beliefs}
        return given
