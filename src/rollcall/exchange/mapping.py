"""The form of the mapping page: each column of the file with what it holds, and each word that nobody knows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms

from rollcall.exchange.fields import N_CONTACTS, SPAN_STARTS, fields_of, label_of
from rollcall.exchange.forms import year_choices
from rollcall.exchange.guessing import MOST_STRANGE, sample, session_places, strange_words
from rollcall.exchange.layouts import DAYS, NAMES, SHAPES, Layout, Options
from rollcall.exchange.reading import Grid
from rollcall.rules.codes import EDITIONS, table

NOT_READ = ("", "Not read")
N_SAMPLES = 3


class LayoutForm(forms.Form):
    """How a file is read. Bound, it takes the layout from what was sent; else from the one given."""

    heading_row = forms.IntegerField(label="Row that holds the headings", min_value=1, max_value=1_048_576)
    shape = forms.ChoiceField(label="How the marks stand", choices=SHAPES)
    days = forms.ChoiceField(label="How days are written", choices=DAYS)
    name_order = forms.ChoiceField(label="How a whole name is written", choices=NAMES)
    either_present = forms.BooleanField(
        label="/ and \\ both mean present, in the morning and in the afternoon", required=False
    )
    year = forms.TypedChoiceField(label="School year of the file", coerce=int)
    add_classes = forms.BooleanField(
        label="Add classes that the school does not have yet",
        required=False,
        help_text="They are named before anything is written.",
    )
    moves_on = forms.DateField(
        label="A change of class counts from",
        required=False,
        help_text="Left empty: from today, or the start of the year after a class of the year before.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    save_as = forms.CharField(
        label="Save this layout as",
        required=False,
        max_length=80,
        help_text="Then the next file like it needs no mapping.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        grid: Grid,
        layout: Layout,
        options: Options,
        years: list[int],
        rows: Collection[str],
    ) -> None:
        start = {**{name: getattr(layout, name) for name in ("heading_row", "shape", "days", "name_order")},
                 "either_present": layout.either_present, "year": options.year_start,
                 "add_classes": options.add_classes, "moves_on": options.moves_on or None}  # fmt: skip
        super().__init__(data, initial=start)
        self._kind, self._given = layout.kind, layout
        self.fields["year"].choices = year_choices(sorted({*years, options.year_start}))  # type: ignore[attr-defined]
        for name in ("shape", "either_present") if layout.kind == "pupils" else ("add_classes", "moves_on"):
            del self.fields[name]
        self._cells = grid.cells(layout.heading_row, layout.heading_rows)
        self._allowed = fields_of(layout.kind, rows)
        self._base = layout if data is None else self._sent(data)
        self.sessions = session_places(self._cells, self._base, options.year_start) if self._is_wide() else {}
        self._add_columns()
        self._add_words(options.year_start)

    def _is_wide(self) -> bool:
        return self._kind == "marks" and self._base.shape == "wide"

    def _sent(self, data: Mapping[str, Any]) -> Layout:
        """The layout as it was sent, before it is known to be good."""
        headings = self._cells.headings
        columns: dict[str, str] = {}
        for place, heading in enumerate(headings):
            if (key := data.get(f"column_{place}")) and heading:
                columns.setdefault(key, heading)
        shape = data.get("shape", "long") if self._kind == "marks" else "long"
        days = data.get("days", "dmy")
        return replace(self._given, columns=columns, shape=shape, days=days, sessions={}, codes={})

    def _add_columns(self) -> None:
        chosen = {theirs: key for key, theirs in (self._given.columns if not self.is_bound else {}).items()}
        choices = _field_choices(self._kind, [one.key for one in self._allowed])
        self.columns: list[str] = []
        for place, heading in enumerate(self._cells.headings):
            if not heading or place in self.sessions:
                continue
            name = f"column_{place}"
            seen = list(dict.fromkeys(sample(self._cells, place, 50)))[:N_SAMPLES]
            self.fields[name] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=chosen.get(heading, ""),
                help_text="; ".join(text[:40] for text in seen) or "always blank",
            )
            self.columns.append(name)

    def _add_words(self, year_start: int) -> None:
        """A field for each word of the file that stands for a session or a code which nobody knows."""
        self.words: list[str] = []
        self.n_strange = 0
        if self._kind != "marks":
            return
        bare = replace(self._base, sessions={}, codes={})
        sessions, codes = strange_words(self._cells, bare, year_start)
        self.n_strange = len(sessions) + len(codes)
        if self.n_strange > MOST_STRANGE:
            return
        halves = [("", "Choose"), ("AM", "the morning (AM)"), ("PM", "the afternoon (PM)")]
        for kind, words, choices, known in (
            ("session", sessions, halves, self._given.sessions),
            ("code", codes, code_choices(), self._given.codes),
        ):
            for word in words:
                name = f"{kind}_{word.encode().hex()}"
                first = known.get(word, "")
                self.fields[name] = forms.ChoiceField(
                    label=f"“{word}” stands for",
                    choices=choices,
                    initial=first,
                    error_messages={"required": f"Say what “{word}” stands for."},
                )
                self.words.append(name)

    def clean(self) -> dict[str, Any]:
        """No field twice, none missing that is needed, and columns that are what they are said to be."""
        cleaned = super().clean() or {}
        chosen: dict[str, str] = {}
        for name in self.columns:
            key = cleaned.get(name)
            if key and key in chosen:
                other = self.fields[chosen[key]].label
                self.add_error(
                    name, f"“{label_of(self._kind, key)}” is the column {other} already; choose one of them."
                )
            elif key:
                chosen[key] = name
        self._check_needed(set(chosen))
        if self.n_strange > MOST_STRANGE:
            raise forms.ValidationError(
                f"The columns chosen hold {self.n_strange} words that are no session and no code: choose others."
            )
        return cleaned

    def _check_needed(self, keys: set[str]) -> None:
        if self._kind == "pupils":
            if "upn" not in keys:
                self.add_error(None, "Choose the column that holds the UPN, by which a pupil is known.")
            return
        if not ({"upn", "name"} & keys or {"first", "last"} <= keys):
            self.add_error(None, "Choose the column that says which pupil: the UPN, the name, or first and last name.")
        if self._is_wide():
            if not self.sessions:
                self.add_error(None, "No heading is a day or a session; choose “a row for each mark”, or another row.")
            return
        for key in ("date", "session", "code"):
            if key not in keys:
                self.add_error(None, f"Choose the column that holds the {key} of a mark.")

    def layout(self) -> Layout:
        """The layout that was said; only for a form that is valid."""
        said = self.cleaned_data
        columns = {said[name]: str(self.fields[name].label) for name in self.columns if said.get(name)}
        words = {
            kind: {_word(name): said[name] for name in self.words if name.startswith(kind)}
            for kind in ("session", "code")
        }
        return replace(
            self._base,
            columns=columns,
            days=said["days"],
            name_order=said["name_order"],
            sessions=words["session"],
            codes=words["code"],
            either_present=said.get("either_present", False),
        )

    def options(self) -> Options:
        """What was said of this file alone."""
        moves_on = self.cleaned_data.get("moves_on")
        return Options(
            self.cleaned_data["year"],
            add_classes=self.cleaned_data.get("add_classes", False),
            moves_on=moves_on.isoformat() if moves_on else "",
        )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The columns of the file, for the table of the page."""
        return [self[name] for name in self.columns]

    @property
    def word_fields(self) -> list[forms.BoundField]:
        """The words that nobody knows."""
        return [self[name] for name in self.words]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """Everything about the file as a whole."""
        names = [name for name in self.fields if name not in {*self.columns, *self.words, "save_as", "heading_row"}]
        return [self[name] for name in names]

    @property
    def span(self) -> tuple[str, str] | None:
        """The first and the last heading that is a session or a day, in a wide file."""
        places = sorted(self.sessions, key=lambda place: (self.sessions[place][0], self.sessions[place][1] or ""))
        return (self._cells.headings[places[0]], self._cells.headings[places[-1]]) if places else None


def _word(name: str) -> str:
    return bytes.fromhex(name.split("_", 1)[1]).decode()


def code_choices() -> list[tuple[str, Any]]:
    """Every code of both editions with its meaning, and no mark at all."""
    found: list[tuple[str, Any]] = [("", "Choose"), ("-", "no mark")]
    for edition in EDITIONS:
        found.append(
            (f"Codes of {edition}", [(one.code, f"{one.code}: {one.meaning}") for one in _fresh(edition, found)])
        )
    return found


def _fresh(edition: str, found: Sequence[tuple[str, Any]]) -> Iterable[Any]:
    known = {code for _, group in found if isinstance(group, list) for code, _ in group}
    return (one for one in table(edition).values() if one.code not in known)


def _field_choices(kind: str, keys: Sequence[str]) -> list[tuple[str, Any]]:
    own = [(key, label_of(kind, key).capitalize() if kind == "marks" else label_of(kind, key)) for key in keys]
    if kind == "marks":
        words = {"upn": "UPN", "minutes": "Minutes late"}
        return [NOT_READ, *((key, words.get(key, label)) for key, label in own)]
    spans = [one for one in own if one[0].startswith(SPAN_STARTS)]
    facts = [one for one in own if one not in spans and not one[0].startswith("contact_")]
    groups: list[tuple[str, Any]] = [NOT_READ, ("Pupil", facts)]
    if spans:
        groups.append(("Holds, part-time, exclusions", spans))
    for n in range(1, N_CONTACTS + 1):
        groups.append((f"Contact {n}", [one for one in own if one[0].startswith(f"contact_{n}_")]))
    return groups
