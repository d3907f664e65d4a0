"""Sessions of which evidence was asked for before registers knew of it are put in question there (4.2-c)."""

from typing import Any

from django.db import migrations


def put_in_question(apps: Any, schema_editor: Any) -> None:
    """For each doubt that is open."""
    question = apps.get_model("registers", "Question")
    doubts = apps.get_model("absence", "Doubt").objects.filter(decided__isnull=True, withdrawn__isnull=True)
    question.objects.bulk_create(
        question(
            enrolment_id=row.enrolment_id,
            first_day=row.first_day,
            first_half=row.first_half,
            last_day=row.last_day,
            last_half=row.last_half,
            deed_id=row.deed_id,
        )
        for row in doubts
    )


class Migration(migrations.Migration):
    dependencies = [("absence", "0003_found_and_classes"), ("registers", "0004_questions")]
    operations = [migrations.RunPython(put_in_question, migrations.RunPython.noop)]
