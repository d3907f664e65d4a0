"""What the office says of messages: these were printed, these may go, these not, and which kinds go by themselves."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked
from rollcall.outbox.kinds import ASK, OFF, SEND
from rollcall.outbox.queries import Switched

MODES = {
    OFF: "Off: kept and shown, never sent",
    ASK: "Ask first: waits under Letters until somebody has looked at it and sends it",
    SEND: "Send: goes by itself",
}


class PrintedForm(Asked):
    """Which letters were printed and posted."""

    letters = forms.MultipleChoiceField(label="Printed and posted", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, letters: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letters"].choices = list(letters)  # type: ignore[attr-defined]


class HeldForm(Asked):
    """Which of the messages that wait are meant; why, where they are not to go."""

    letters = forms.MultipleChoiceField(required=False)
    only = forms.IntegerField(required=False)
    reason = forms.CharField(label="Why not", max_length=200, required=False)

    def __init__(self, *args: Any, letters: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {number for number, _ in letters}
        self.fields["letters"].choices = [(number, "") for number in self.known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One alone, or those that are ticked; all of them must still wait."""
        given = super().clean() or {}
        if given.get("only") is not None and given["only"] not in self.known:
            self.add_error("only", "gone")
        if given.get("only") is None and not given.get("letters") and not self.errors:
            self.add_error(None, "Tick the messages that you mean.")
        return given

    @property
    def chosen(self) -> list[int]:
        """The messages that are meant, by id."""
        only = self.cleaned_data.get("only")
        return [only] if only is not None else [int(number) for number in self.cleaned_data["letters"]]

    @property
    def fault(self) -> str:
        """What is wrong, in a sentence."""
        own = [str(error) for error in self.non_field_errors()]
        return own[0] if own else "Some of these no longer wait; look at what does now."


class SwitchesForm(Asked):
    """How each kind of message goes at a school; what can't be switched is left out."""

    def __init__(self, *args: Any, shown: Iterable[Switched], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {one.kind.id.replace(".", "-"): one.kind for one in shown if len(one.kind.modes) > 1}
        by_id = {one.kind.id: one for one in shown}
        for name, kind in self.kinds.items():
            self.fields[name] = forms.ChoiceField(
                label=kind.words,
                help_text=_help(by_id[kind.id]),
                choices=[(mode, MODES[mode]) for mode in kind.modes],
                widget=forms.RadioSelect,
                initial=by_id[kind.id].mode,
            )

    @property
    def wanted(self) -> dict[str, str]:
        """Kind -> mode, as chosen."""
        return {kind.id: self.cleaned_data[name] for name, kind in self.kinds.items()}


def _help(one: Switched) -> str:
    if one.at is None:
        return one.kind.about
    return f"{one.kind.about} Set by {one.by}, {one.at:%-d %B %Y}."
