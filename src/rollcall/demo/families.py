"""The made-up schools, and the families around them: adults, addresses, and the habits that brothers and sisters share.

Each draw comes from a `random.Random` seeded with the name of what is drawn, so that one family more or less changes
nobody else, and no order of a set or a dictionary plays a part.
"""

from dataclasses import dataclass
from random import Random

from rollcall.demo import names

SEED = "rollcall demo 1"


@dataclass(frozen=True)
class Place:
    """A school: a made-up number for each register, how many children a year group has, its classes, youngest first."""

    slug: str
    name: str
    urn: str
    establishment: str
    per_year: int
    classes: tuple[str, ...]


PLACES = (
    Place("hamsey", "Hamsey Primary School", "999001", "9991", 14, ("Wrens", "Robins", "Kestrels", "Owls")),
    Place("plumpton", "Plumpton Primary School", "999002", "9992", 15, ("Hazel", "Rowan", "Beech", "Oak")),
    Place(
        "barcombe",
        "Barcombe Primary School",
        "999003",
        "9993",
        17,
        ("Moorhens", "Swifts", "Lapwings", "Kingfishers", "Herons"),
    ),
    Place(
        "iford-and-kingston",
        "Iford and Kingston Primary School",
        "999004",
        "9994",
        14,
        ("Willow", "Alder", "Maple", "Elm"),
    ),
)
BY_SLUG = {place.slug: place for place in PLACES}


def chance(*name: object) -> Random:
    """The chances that belong to a thing with this name, and to nothing else."""
    return Random("/".join([SEED, *map(str, name)]))


@dataclass(frozen=True)
class Adult:
    """Somebody a child may live with or be called about."""

    title: str
    first: str
    last: str
    relationship: str
    phones: tuple[tuple[str, str], ...]
    address: str
    responsible: bool = True
    lives_with: bool = True
    barred_do: str = ""
    barred_why: str = ""


@dataclass(frozen=True)
class Family:
    """Brothers and sisters at one school, with their adults in the order to call."""

    key: str
    last: str
    language: str
    adults: tuple[Adult, ...]
    poor: bool
    late_share: float
    goes_away: bool
    keeps_feast: bool
    traveller: bool


def family_of(place: Place, number: int, start: int) -> Family:
    """The family with this number at a school: who is at home, and the habits that its children share."""
    key = f"{place.slug}-{start}-{number}"
    rng = chance("family", key)
    newer = rng.choice(names.NEWER) if rng.random() < 0.09 else None
    last = newer[0] if newer else rng.choice(names.FAMILIES)
    traveller = number == 7
    return Family(
        key=key,
        last=last,
        language=newer[3] if newer else "English",
        adults=_adults(place, number, last, rng),
        poor=rng.random() < 0.17,
        late_share=rng.choices((0.006, 0.02, 0.08, 0.22), (62, 24, 11, 3))[0],
        goes_away=rng.random() < 0.55,
        keeps_feast=last in ("Begum", "Rahman", "Haddad"),
        traveller=traveller and place.slug == "plumpton",
    )


def _adults(place: Place, number: int, last: str, rng: Random) -> tuple[Adult, ...]:
    home = _address(place, rng)
    first = Adult("Ms", rng.choice(names.MOTHERS), last, "Mother", _phones(rng), home)
    found = [first]
    kind = rng.choices(("together", "apart", "two homes", "alone"), (66, 14, 6, 14))[0]
    if kind != "alone":
        address = home if kind == "together" else _address(place, rng)
        found.append(
            Adult(
                "Mr",
                rng.choice(names.FATHERS),
                last if rng.random() < 0.8 else rng.choice(names.FAMILIES),
                "Father",
                _phones(rng),
                address,
                lives_with=kind != "apart",
            )
        )
    if rng.random() < 0.3:
        grand = rng.choice(names.GRANDPARENTS)
        relation = "Grandfather" if grand in ("David", "Roger", "Trevor") else "Grandmother"
        found.append(
            Adult("", grand, last, relation, _phones(rng), _address(place, rng), responsible=False, lives_with=False)
        )
    if (place.slug, number) == ("hamsey", 5):
        found.append(_barred(last, rng))
    return tuple(found)


def _barred(last: str, rng: Random) -> Adult:
    return Adult(
        "Mr",
        "Clive",
        last,
        "Uncle",
        _phones(rng),
        "",
        responsible=False,
        lives_with=False,
        barred_do="Do not let him collect or speak to the children; call the safeguarding lead at once.",
        barred_why="A court order of last spring keeps him from the children and from the school.",
    )


def _phones(rng: Random) -> tuple[tuple[str, str], ...]:
    """Numbers that the regulator keeps free for plays and films."""
    mobile = (f"07700 900{rng.randrange(1000):03}", "mobile")
    return (mobile, (f"01632 960{rng.randrange(1000):03}", "home")) if rng.random() < 0.25 else (mobile,)


def _address(place: Place, rng: Random) -> str:
    """A made-up address; no real postcode ends in these letters."""
    street = f"{rng.randrange(1, 60)} {rng.choice(names.LANES)}"
    postcode = f"BN8 {rng.randrange(1, 10)}{rng.choice(('KM', 'MO', 'CV'))}"
    return f"{street}\n{names.VILLAGES[place.slug]}\nEast Sussex\n{postcode}"
