"""What is typed about support and strategies: an offer, its answer; a strategy, who joins, who leaves, its end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from rollcall.absence.forms.fields import day_field
from rollcall.casework.actions.strategies import Strategy
from rollcall.casework.actions.support import Offer
from rollcall.casework.models import SupportAnswer
from rollcall.casework.queries.groups import GroupOf
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted
from rollcall.schools.queries.roll import Seat

NO_DAY = {"required": "Give the day.", "invalid": "Give the day as 14 05 2024."}


def _key() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, max_length=40)


class OfferForm(forms.Form):
    """Support that was offered to a family."""

    key = _key()
    kind = forms.ChoiceField(
        label="What kind of support?", error_messages={"required": "Choose what kind of support it is."}
    )
    what = forms.CharField(
        label="In words (optional)", max_length=300, required=False, help_text="Such as: a place at breakfast club."
    )
    provider = forms.CharField(label="Who gives it? (optional)", max_length=120, required=False)
    day = day_field("Offered on", error_messages=NO_DAY)

    def __init__(self, *args: Any, policy: Policy, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [(kind.id, kind.name) for kind in policy.support_kinds]
        self.fields["kind"].choices = [("", "Choose"), *kinds]  # type: ignore[attr-defined]

    @property
    def offer(self) -> Offer:
        """What was offered."""
        told = self.cleaned_data
        return Offer(told["kind"], told["day"], told["what"], told["provider"])


class AnswerForm(forms.Form):
    """What became of an offer: a button and a word."""

    key = _key()
    answer = forms.ChoiceField(
        choices=SupportAnswer.ANSWERS, error_messages={"required": "Press what became of the offer."}
    )
    note = forms.CharField(label="A word about it", max_length=300, required=False)


class _PupilsForm(forms.Form):
    """Pupils chosen by name, or all of a class, a tier or a group at once."""

    pupils = forms.MultipleChoiceField(label="Pupils, by name", widget=forms.CheckboxSelectMultiple, required=False)
    groups = forms.MultipleChoiceField(
        label="And everybody in", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Who is in it today; later changes of a class or a tier change nothing here.",
    )  # fmt: skip

    def __init__(self, *args: Any, seats: Sequence[Seat], groups: Sequence[GroupOf], **more: Any) -> None:
        super().__init__(*args, **more)
        self.groups_by_id = {group.id: group for group in groups}
        named = [(str(seat.pupil), f"{seat.name}, {seat.class_name}") for seat in seats]
        self.fields["pupils"].choices = named  # type: ignore[attr-defined]
        at_once = [(one.id, f"{one.words} ({counted(len(one.pupils), 'pupil')})") for one in groups]
        self.fields["groups"].choices = at_once  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int]:
        """The pupils chosen, each once."""
        found = [int(one) for one in self.cleaned_data["pupils"]]
        for group in self.cleaned_data["groups"]:
            found += self.groups_by_id[group].pupils
        return list(dict.fromkeys(found))


class StrategyForm(_PupilsForm):
    """A strategy that begins."""

    key = _key()
    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give it a name."})
    kind = forms.ChoiceField(label="What kind?", error_messages={"required": "Choose what kind of strategy it is."})
    aim = forms.CharField(
        label="What is it meant to change?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: Monday mornings of Year 4 as good as other mornings by half-term.",
        error_messages={"required": "Say what it is meant to change: without that nobody can tell whether it worked."},
    )
    led_by = forms.CharField(label="Who leads it? (optional)", max_length=120, required=False)
    tier = forms.ChoiceField(label="Tier (optional)", required=False)
    begins = day_field("Begins", error_messages=NO_DAY)
    planned_end = day_field("Planned end (optional)", required=False)

    field_order = ("key", "name", "kind", "aim", "led_by", "tier", "begins", "planned_end", "pupils", "groups")

    def __init__(self, *args: Any, policy: Policy, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [(kind.id, kind.name + ("" if kind.for_groups else " (one pupil)")) for kind in policy.support_kinds]
        self.fields["kind"].choices = [("", "Choose"), *kinds]  # type: ignore[attr-defined]
        tiers = [(str(tier.number), tier.name) for tier in policy.tiers]
        self.fields["tier"].choices = [("", "None"), *tiers]  # type: ignore[attr-defined]

    @property
    def strategy(self) -> Strategy:
        """The strategy that is wanted."""
        told = self.cleaned_data
        tier = int(told["tier"]) if told["tier"] else None
        return Strategy(
            told["name"], told["kind"], told["aim"], told["begins"], told["planned_end"], told["led_by"], tier
        )


class JoinForm(_PupilsForm):
    """Pupils who join a strategy."""

    key = _key()
    from_day = day_field("From", error_messages=NO_DAY)

    field_order = ("key", "from_day", "pupils", "groups")


class LastDayForm(forms.Form):
    """The last day of a pupil's part in a strategy."""

    key = _key()
    last_day = day_field("Last day", error_messages=NO_DAY)


class EndForm(LastDayForm):
    """A strategy ends."""

    why = forms.CharField(
        label="Why does it end?", max_length=1000, error_messages={"required": "Say in a few words why it ends."}
    )


def today_key(day: date, key: str) -> dict[str, Any]:
    """What forms of a day begin with."""
    return {"key": key, "day": day, "begins": day, "from_day": day, "last_day": day}
