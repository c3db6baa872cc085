"""The course as its author writes it: order of lessons, questions, notebooks."""
