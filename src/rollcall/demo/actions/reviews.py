"""The school's reviews of the last months, as each head of school held them, and the meetings that came of them.

Every act is the one that its page calls, on the day on which it was done, with the figures of that day.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rollcall import worker
from rollcall.casework.actions import NotDecided, NotTaken, close_review, decide, open_review, record_step
from rollcall.casework.actions.advising import NotAdvised, advise
from rollcall.casework.actions.handing import NotHanded, Task, hand_rows
from rollcall.casework.models import Case, Review, ReviewRow
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.reviews import sends
from rollcall.demo.actions.meetings import hold_meeting, meeting_to_come
from rollcall.demo.actions.scene import Scene, review_days
from rollcall.demo.steps import moment
from rollcall.journal.actor import WORKER, Actor
from rollcall.outbox.actions import drain
from rollcall.rules import flow
from rollcall.rules.policy import Policy, restore

LEFT = "Absence was one illness, now over; we watch it."
SOONER = "Last year was low, and this one begins alike: we write now, and do not wait for forty sessions."
ADVISED = "Their father told the office that work takes the mornings: a talk may do more than a letter."
HANDED = "Ask how the mornings are at home, and say what you hear."
CARRIED = "The class teachers speak with these families first."
AT_ONCE, HELD = 60, 2


@dataclass(frozen=True)
class Quota:
    """How many a head takes on in one review: a letter takes a tenth of a second to set, and a meeting an hour.

    early: letters that are not proposed yet, for the year is young.
    """

    letters: int
    meetings: int = 0
    early: int = 0


# From the latest back: at the first school all that a family can meet with on the path, at the others the beginning.
WHOLE = (Quota(3, 4), Quota(2, 4), Quota(2, 4), Quota(3, 0, 9))
BEGINNING = (Quota(3, 2), Quota(2, 0))


def hold_reviews(scene: Scene, last: date, quotas: tuple[Quota, ...]) -> None:
    """Hold the school's reviews up to a day (its afternoon the last of them), and send their letters."""
    days = review_days(scene, last, len(quotas))
    for day, quota in zip(days, quotas[: len(days)][::-1], strict=True):
        at = moment(day, time(15, 40))
        head = scene.who("head", day)
        review = open_review(scene.school, by=head, at=at, key=f"demo.review.{scene.slug}.{day}")
        policy = restore(review.policy_kept, "the policy of the review")
        decided = _Decided(scene, review, policy, head, at + timedelta(minutes=10))
        decided.letters(quota.letters)
        decided.early(quota.early)
        decided.back_to_monitoring()
        if day == days[-1]:
            decided.left_and_handed()
        agreed = decided.meetings(quota.meetings)
        close_review(review, by=head, at=at + timedelta(minutes=25), carry_over=CARRIED)
        drain(grounds=worker.grounds(), by=WORKER, at=at + timedelta(minutes=30), most=AT_ONCE)
        for n, row in enumerate(agreed):
            _follow(scene, row, policy, day, n if day == days[-1] else 0)
        after = moment(_next(scene, day), time(17))
        drain(grounds=worker.grounds(), by=WORKER, at=after, most=AT_ONCE)


class _Decided:
    """One review while its head goes through it."""

    def __init__(self, scene: Scene, review: Review, policy: Policy, head: Actor, at: datetime) -> None:
        self.scene, self.review, self.policy, self.head, self.at = scene, review, policy, head, at

    def rows(self, *steps: str) -> list[ReviewRow]:
        """The rows with some proposals that nobody has decided, those first whose story goes on."""
        rows = self.review.rows.filter(step__in=steps, check_first=False, decision__isnull=True)
        found = rows.select_related("review__school", "pupil").order_by("id")
        return sorted(found, key=lambda row: -self.scene.fortnights_away(row.pupil.upn, self.review.day))

    def letters(self, most: int) -> None:
        """Agree to the first letters that can go."""
        agreed = 0
        for row in self.rows(*(one.id for one in self.policy.path.steps if sends(self.policy, one.id))):
            if agreed < most:
                agreed += self._agree(row)

    def early(self, most: int) -> None:
        """Write to families sooner than proposed, with the reason."""
        first = self.policy.path.steps[0].yes
        for row in self.rows(flow.WATCH)[:most]:
            with suppress(NotDecided):
                decide(
                    [row.pk], "otherwise", step=first, because=SOONER, by=self.head, at=self.at,
                    key=f"demo.decision.{row.pk}",
                )  # fmt: skip

    def back_to_monitoring(self) -> None:
        """Agree that those improved who did, three at a time."""
        for row in self.rows(flow.first_step(self.policy).id)[:3]:
            self._agree(row)

    def meetings(self, most: int) -> list[ReviewRow]:
        """Agree to the first meetings and referrals."""
        steps = [one.id for one in self.policy.path.steps if one.meeting_with or one.refers_to]
        rows = self.rows(*steps[::-1])
        rows.sort(key=lambda row: -steps.index(row.step))
        return [row for row in rows[:most] if self._agree(row)]

    def left_and_handed(self) -> None:
        """The secretary puts something forward on one, the next is left with a reason, one is handed to its teacher."""
        letters = [one.id for one in self.policy.path.steps if sends(self.policy, one.id)]
        for row, act in zip(self.rows(*letters), (self._advised, self._leave, self._hand), strict=False):
            with suppress(NotAdvised, NotHanded):
                act(row)

    def _agree(self, row: ReviewRow) -> bool:
        try:
            decide([row.pk], "agree", by=self.head, at=self.at, key=f"demo.decision.{row.pk}")
        except NotDecided:
            return False  # a family to whom nothing may be sent now
        return True

    def _leave(self, row: ReviewRow) -> None:
        decide([row.pk], "none", because=LEFT, by=self.head, at=self.at, key=f"demo.decision.{row.pk}")

    def _advised(self, row: ReviewRow) -> None:
        office = self.scene.who("office", self.review.day)
        before = self.at - timedelta(minutes=5)
        advise(row, "none", ADVISED, by=office, at=before, key=f"demo.advice.{row.pk}")

    def _hand(self, row: ReviewRow) -> None:
        teacher = self.scene.teacher_of(row.pupil_id, self.review.day)
        due = self.review.day + timedelta(days=21)
        hand_rows([row.pk], Task(teacher.id, HANDED, due), by=self.head, at=self.at, key=f"demo.handed.{row.pk}")


def _follow(scene: Scene, row: ReviewRow, policy: Policy, day: date, nth: int) -> None:
    """What came of a row that was agreed: the referral recorded, the meeting held; of the last ones, still to come."""
    case = Case.objects.filter(pupil=row.pupil_id, path="school", closed__isnull=True).first()
    if case is None:
        return
    if policy.step(row.step).refers_to:
        refer(scene, case, row.step, _next(scene, day))
    elif nth < HELD:
        hold_meeting(scene, case, row.step, _next(scene, day), agreed=day)
    elif scene.ahead:
        meeting_to_come(scene, case, row.step, scene.ahead[min(nth - 1, len(scene.ahead) - 1)], agreed=day)


def refer_one(scene: Scene, on: date) -> None:
    """Of two families whom the head of school has met, refer the first once the window is over."""
    met = Case.objects.filter(school=scene.school, path="school", closed__isnull=True).order_by("id")
    at_head = []
    for case in met:
        last, policy = case.steps.filter(withdrawn__isnull=True).order_by("day", "id").last(), policy_of(case)
        after = policy.step(policy.step(last.step).no) if last else None
        if last and after and after.refers_to and last.day <= on - timedelta(days=12):
            at_head.append((case, after.id))
    for case, step in at_head[: len(at_head) // 2]:
        refer(scene, case, step, on)


def refer(scene: Scene, case: Case, step: str, on: date) -> None:
    """Record the referral to the authority's lead."""
    with suppress(NotTaken):
        record_step(
            case,
            step,
            to_whom="Jo Maple, school attendance lead",
            words="Sent with the letters and the record of both meetings; she rings back within the week.",
            day=on,
            school=scene.school.pk,
            by=scene.who("head", on),
            at=moment(on, time(11, 15)),
            key=f"demo.referred.{case.pk}",
        )


def _next(scene: Scene, day: date) -> date:
    return next(one for one in scene.days if one > day)
