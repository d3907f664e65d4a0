"""The forms of the authority's process, field by field (A5): the policy names them and does not print them.

A form is data, so that another authority's forms need no change of code. `rules.filling` says what an answer may be.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rollcall.rules.policy.values import Entry, FormId, Frozen, Words

Kind = Literal["text", "long", "yes_no", "date", "choice", "percent", "number", "people"]
Known = Literal["pupil", "born", "class", "school", "figures", "marks", "tier", "support", "letters", "contacts"]


class FormField(Frozen):
    """One field: what it asks, how it is answered, and whether it must be; choices only for a choice.

    review: a date on which what was written here is looked at again; each form has one at most.
    """

    id: Words
    label: Words
    kind: Kind
    choices: tuple[Words, ...] = ()
    needed: bool = False
    review: bool = False
    hint: str = ""

    @property
    def spoken(self) -> str:
        """The field as the policy's page shows it."""
        return f"{self.label}{'' if self.needed else ' (where it applies)'}"


class Form(Entry):
    """A form: about a pupil or about a school, what is known already and copied onto it, its fields, who signs.

    by_safeguarding_lead: only the DSL or a deputy fills it in. teachers: a class teacher may fill it in and see it.
    after_all_yes: it can be filled in only once every yes-or-no of that other form is yes.
    """

    id: Words
    name: Words
    about: Literal["pupil", "school"] = "pupil"
    purpose: Words
    copies: tuple[Known, ...] = ()
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    signed_by: tuple[Words, ...] = ()
    teachers: bool = False
    by_safeguarding_lead: bool = False
    after_all_yes: FormId | None = None
