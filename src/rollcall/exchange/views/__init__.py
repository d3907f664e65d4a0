"""The pages about files: what can come in and go out, the steps of an intake, and what goes out."""

from rollcall.exchange.views.afterwards import done, remove_preset
from rollcall.exchange.views.coming_in import bring_in, columns, give_up, preview, problems
from rollcall.exchange.views.going_out import download, files, take_out

__all__ = [
    "bring_in",
    "columns",
    "done",
    "download",
    "files",
    "give_up",
    "preview",
    "problems",
    "remove_preset",
    "take_out",
]
