"""The only writers of what is kept of files: drafts, presets, and the intake itself."""

from rollcall.exchange.actions.drafting import give_up, keep_upload, set_layout, sweep
from rollcall.exchange.actions.intake import Moved, NotBrought, bring_in_marks, bring_in_pupils
from rollcall.exchange.actions.presets import forget_preset, save_preset

__all__ = [
    "Moved",
    "NotBrought",
    "bring_in_marks",
    "bring_in_pupils",
    "forget_preset",
    "give_up",
    "keep_upload",
    "save_preset",
    "set_layout",
    "sweep",
]
