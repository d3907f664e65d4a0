"""What a teacher does on a morning at pace, as the page and its script do it: open, mark in several saves, hand in."""

from random import Random

from bench.stage import A_SAVE, Morning
from bench.visitor import Visitor
from rollcall.journal.actions import new_key

N_SAVES = 6


def take_register(morning: Morning, number: int, begin: float, session: str, user: int) -> None:
    """Take the register of a class (by number) from a moment on, signed in as a user (by id)."""
    visitor, own = morning.visitor(session), list(morning.made.places[morning.made.classes[number].pk])
    Random(number).shuffle(own)
    morning.clock.wait_until(begin)
    tag = visitor.open("open a register", morning.register(number, "register")).tag
    for turn in range(N_SAVES):
        morning.clock.wait_until(begin + A_SAVE * (turn + 1))
        if some := own[turn::N_SAVES]:
            _save(morning, visitor, number, some, user)
        given = visitor.open("a register asks for news", morning.register(number, "live"), _live(tag))
        tag = given.tag or tag
    morning.clock.wait_until(begin + A_SAVE * (N_SAVES + 1))
    told = {"key": new_key(), "user": user, "taken_at": ""}
    if visitor.send("hand a register in", morning.register(number, "submit"), told).status == 200:
        morning.saved.registers.append(morning.made.classes[number].pk)


def _live(tag: str) -> dict[str, str]:
    return {"X-Part": "live", **({"If-None-Match": tag} if tag else {})}


def _save(morning: Morning, visitor: Visitor, number: int, some: list[int], user: int) -> None:
    """One save as it was seen on the page; what somebody else has marked meanwhile is left, and the rest sent again."""
    reported = {enrolment for _, enrolment in morning.saved.reports}
    codes = {one: _code(one, reported, morning.plan.absent) for one in some}
    while codes:
        key = new_key()
        marks = [{"enrolment": one, "code": code, "minutes": None, "seen": "-"} for one, code in codes.items()]
        told = {"key": key, "user": user, "reason": "", "marks": marks}
        given = visitor.send("save marks", morning.register(number, "save"), told, {409})
        if given.status == 200:
            morning.saved.marks += [(f"{user}-{key}", one, code) for one, code in codes.items()]
        if given.status != 409:
            return
        changed = {int(one) for one in given.told()["changed"]}
        morning.saved.met += sorted(changed)
        codes = {one: code for one, code in codes.items() if one not in changed}


def _code(enrolment: int, reported: set[int], absent: set[int]) -> str:
    if enrolment in reported:
        return "I"
    return "N" if enrolment in absent else "/"
