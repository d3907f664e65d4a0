"""Where words, reports, callers handed on and doubts are, for the door: at their school, or with their pupil."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from rollcall.absence.models import Doubt, HandOver, Report, Word
from rollcall.absence.views.places import PupilPlace, SchoolPlace, place_of


@dataclass(frozen=True)
class WordPlace(SchoolPlace):
    """A word of an address."""

    word: Word | None = None

    @property
    def left(self) -> Word:
        """The word."""
        assert self.word is not None
        return self.word


def word_place(word: int, **_: object) -> WordPlace:
    """The word of an address, at its school; 404 for one that is not there."""
    found = Word.objects.select_related("school", "deed", "cleared").filter(pk=word).first()
    if found is None:
        raise Http404
    return WordPlace(found.school_id, found=found.school, word=found)


@dataclass(frozen=True)
class HandOverPlace(SchoolPlace):
    """A caller handed on, of an address."""

    hand_over: HandOver | None = None

    @property
    def handed(self) -> HandOver:
        """The caller."""
        assert self.hand_over is not None
        return self.hand_over


def hand_over_place(hand_over: int, **_: object) -> HandOverPlace:
    """The caller of an address, at the school; 404 for one that is not there."""
    found = HandOver.objects.select_related("school").filter(pk=hand_over).first()
    if found is None:
        raise Http404
    return HandOverPlace(found.school_id, found=found.school, hand_over=found)


@dataclass(frozen=True)
class ReportPlace(PupilPlace):
    """A report of an address."""

    reported: Report | None = None

    @property
    def report(self) -> Report:
        """The report."""
        assert self.reported is not None
        return self.reported


def report_place(report: int, at: datetime, **_: object) -> ReportPlace:
    """The report of an address, where its pupil is; 404 for one that is not there."""
    related = ("enrolment__pupil", "enrolment__school", "expectation", "word", "deed")
    found = Report.objects.select_related(*related).filter(pk=report).first()
    if found is None:
        raise Http404
    here = place_of(found.enrolment, at.date())
    return ReportPlace(here.school, here.classes, found=here.found, enrolled=here.enrolled, reported=found)


@dataclass(frozen=True)
class DoubtPlace(PupilPlace):
    """A doubt of an address."""

    doubted: Doubt | None = None

    @property
    def doubt(self) -> Doubt:
        """The doubt."""
        assert self.doubted is not None
        return self.doubted


def doubt_place(doubt: int, at: datetime, **_: object) -> DoubtPlace:
    """The doubt of an address, where its pupil is; 404 for one that is not there."""
    related = ("enrolment__pupil", "enrolment__school", "report__expectation", "deed")
    found = Doubt.objects.select_related(*related).filter(pk=doubt).first()
    if found is None:
        raise Http404
    here = place_of(found.enrolment, at.date())
    return DoubtPlace(here.school, here.classes, found=here.found, enrolled=here.enrolled, doubted=found)
