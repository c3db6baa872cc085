"""Starting JupyterLab or Notebook for a learner or an instructor, with the kit's settings and nobody else's network."""

from threechairs.front_end.server import FrontEnd, run_front_end
from threechairs.front_end.workspace import default_workspace, fill_workspace

__all__ = ["FrontEnd", "default_workspace", "fill_workspace", "run_front_end"]
