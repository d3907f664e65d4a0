"""The only writers of the ledger and of what stands around it, a file for each idea."""

from rollcall.registers.actions.expecting import KnownAlready, ToldFirst, expect, expect_all, withdraw, withdraw_all
from rollcall.registers.actions.keeping import retain, seal
from rollcall.registers.actions.marking import NewMark, NotSaved, Saved, amend_marks, record_marks
from rollcall.registers.actions.questions import put_in_question, settle_question
from rollcall.registers.actions.requests import ask_for_change, decide_change
from rollcall.registers.actions.submitting import submit_register
from rollcall.registers.actions.within import mark_within
from rollcall.registers.actions.writing import NewEntry, rebuild, write_entries

__all__ = [
    "KnownAlready",
    "NewEntry",
    "NewMark",
    "NotSaved",
    "Saved",
    "ToldFirst",
    "amend_marks",
    "ask_for_change",
    "decide_change",
    "expect",
    "expect_all",
    "mark_within",
    "put_in_question",
    "rebuild",
    "record_marks",
    "retain",
    "seal",
    "settle_question",
    "submit_register",
    "withdraw",
    "withdraw_all",
    "write_entries",
]
