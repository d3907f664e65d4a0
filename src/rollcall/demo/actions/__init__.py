"""Building the demo and moving its clock, through the rooms' own actions; a file for each idea."""

from rollcall.demo.actions.building import Built, NotEmpty, build
from rollcall.demo.actions.clock import become, move

__all__ = ["Built", "NotEmpty", "become", "build", "move"]
