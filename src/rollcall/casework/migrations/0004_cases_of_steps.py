"""Gives each step that was taken before there were cases its case: one for each pupil and round of the path.

Rows of reviews get what the list of a review shows of them.
"""

from itertools import groupby

from django.db import migrations


def give_cases(apps, schema_editor):
    """A round that led back to monitoring is a case that is over; the policy is that of the first step's review."""
    Case, StepTaken = apps.get_model("casework", "Case"), apps.get_model("casework", "StepTaken")
    rows = StepTaken.objects.filter(case=None, path="school").select_related("decision__row__review")
    for (pupil, number), steps in groupby(
        rows.order_by("pupil", "round", "day", "id"), lambda s: (s.pupil_id, s.round)
    ):
        taken = list(steps)
        standing = [step for step in taken if step.withdrawn_id is None]
        first, last = taken[0], (standing or taken)[-1]
        review = first.decision.row.review if first.decision else None
        kept = review.policy_kept if review else {}
        monitoring = kept["path"]["steps"][0]["id"] if kept else "monitoring"
        over = last.step == monitoring or not standing
        case, _ = Case.objects.get_or_create(
            pupil_id=pupil,
            path="school",
            round=number,
            defaults={
                "school_id": first.school_id,
                "policy": review.policy if review else 0,
                "policy_kept": kept,
                "opened_id": first.deed_id,
                "closed_id": (last.deed_id if standing else last.withdrawn_id) if over else None,
                "end": ("improved" if standing else "mistake") if over else "",
            },
        )
        StepTaken.objects.filter(pk__in=[step.pk for step in taken]).update(case=case)


def take_cases(apps, schema_editor):
    """The steps as they were; the cases go with their table, or are found again by pupil and round."""
    apps.get_model("casework", "StepTaken").objects.filter(path="school").update(case=None)


def show_rows(apps, schema_editor):
    """What is shown of each row, from its evidence, as reviews opened from now on keep it."""
    ReviewRow = apps.get_model("casework", "ReviewRow")
    some = []
    for row in ReviewRow.objects.filter(shown={}).iterator(chunk_size=500):
        row.shown = _shown(row.evidence)
        some.append(row)
        if len(some) == 500:
            ReviewRow.objects.bulk_update(some, ["shown"])
            some = []
    ReviewRow.objects.bulk_update(some, ["shown"])


def _shown(kept):
    before, headroom = kept["before"], kept["headroom"]
    return {
        "name": kept["pupil"]["name"],
        "class": kept["class"]["name"],
        "counts": [kept["figures"]["attended"], kept["figures"]["possible"]],
        "before": [before["attended"], before["possible"]] if before else None,
        "stage": kept["stage"],
        "persistent": kept["persistent"],
        "severe": kept["severe"],
        "why": kept["proposal"]["why"][0]["text"],
        "headroom": headroom[0] if headroom else "",
        "policy": kept["policy"]["id"],
    }


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_casework")]

    operations = [
        migrations.RunPython(give_cases, take_cases),
        migrations.RunPython(show_rows, migrations.RunPython.noop),
    ]
