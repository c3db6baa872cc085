"""How nbgrader is told about learners and cases, and what could not be graded."""
