"""Cards that a learner clicks, each a view on an activity."""

from threechairs.widgets.data_menu import DataMenu
from threechairs.widgets.duty_sorter import DutySorter
from threechairs.widgets.negotiation_table import NegotiationTable
from threechairs.widgets.progress_map import ProgressMap
from threechairs.widgets.quiz_card import QuizCard, ask
from threechairs.widgets.scenario_player import ScenarioPlayer

__all__ = ["DataMenu", "DutySorter", "NegotiationTable", "ProgressMap", "QuizCard", "ScenarioPlayer", "ask"]
