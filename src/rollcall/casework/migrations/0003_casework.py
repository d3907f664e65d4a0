# The casework: cases, meetings, support, letters, notices and packs. Each table is made whole, which is quick on SQLite.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_review_kept"),
        ("journal", "0001_initial"),
        ("schools", "0004_letterhead"),
    ]

    operations = [
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=40)),
                ("because", models.TextField()),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advice", to="casework.reviewrow"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "advice",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "path",
                    models.CharField(
                        choices=[("school", "The school's flow chart"), ("authority", "The authority's process")],
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("policy", models.BigIntegerField()),
                ("policy_kept", models.JSONField()),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("improved", "Attendance improved"),
                            ("done", "The path came to its end"),
                            ("left", "The pupil left the schools"),
                            ("age", "No longer of compulsory school age"),
                            ("mistake", "Opened by mistake"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "closed",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "opened",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pupil", "path", "round"), name="case_round_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed__isnull", True)),
                        fields=("pupil", "path"),
                        name="one_open_case_a_path",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "A step of the school's path"),
                            ("regular", "Regular meeting with parents"),
                            ("review", "Review of a plan"),
                            ("other", "Another meeting with parents"),
                            ("termly", "Termly meeting with the authority"),
                            ("targeting", "Targeting support meeting"),
                            ("multi_agency", "Meeting of several agencies"),
                        ],
                        max_length=12,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=40)),
                ("with_roles", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("asked", models.JSONField(default=list)),
                ("about", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="casework.case",
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="schools.pupil",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["school", "at"], name="casework_me_school__ca1994_idx"),
                    models.Index(fields=["pupil", "at"], name="casework_me_pupil_i_64565b_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("school", "The school"),
                            ("family", "The family"),
                            ("pupil", "The pupil"),
                            ("authority", "The authority"),
                            ("other", "Another service (signposting)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("owner", models.CharField(max_length=120)),
                ("actor", models.CharField(blank=True, max_length=40)),
                ("what", models.TextField()),
                ("due", models.DateField(null=True)),
                ("done_words", models.TextField(blank=True)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "done",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed_actions",
                        to="schools.pupil",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="casework.case",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="casework.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AuthorityContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("helpline", models.CharField(blank=True, max_length=30)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="FormFilled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=40)),
                ("definition", models.JSONField()),
                ("answers", models.JSONField()),
                ("review_due", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="casework.case"
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="forms", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="casework.steptaken",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["pupil", "form"], name="casework_fo_pupil_i_18050c_idx")],
            },
        ),
        migrations.CreateModel(
            name="HandedOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("position", models.CharField(max_length=120)),
                ("what", models.TextField()),
                ("due", models.DateField(null=True)),
                ("done_words", models.TextField(blank=True)),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
                        to="casework.decision",
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "done",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handed_on", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "handed on",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["actor", "done"], name="casework_ha_actor_b37a61_idx")],
            },
        ),
        migrations.CreateModel(
            name="Intervention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("aim", models.TextField()),
                ("tier", models.PositiveSmallIntegerField(null=True)),
                ("led_by", models.CharField(blank=True, max_length=120)),
                ("begins", models.DateField()),
                ("planned_end", models.DateField(null=True)),
                ("ended", models.DateField(null=True)),
                ("ended_why", models.TextField(blank=True)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "end_deed",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interventions", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["-begins", "id"],
            },
        ),
        migrations.CreateModel(
            name="InterventionPupil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateField()),
                ("ended", models.DateField(null=True)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "end_deed",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "intervention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="casework.intervention"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interventions", to="schools.pupil"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("intervention", "pupil", "begins"), name="pupil_joins_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="UpdateRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("through", models.DateField()),
                ("last_week", models.BooleanField(default=False)),
                ("left_out", models.JSONField(default=list)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "withdrawn",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn__isnull", True)),
                        fields=("school", "day"),
                        name="one_round_of_updates_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterWritten",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=40)),
                ("about", models.CharField(blank=True, max_length=20)),
                ("about_id", models.BigIntegerField(null=True)),
                ("day", models.DateField()),
                ("rests_on", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="casework.case",
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "withdrawn",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="casework.updateround",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
                "indexes": [
                    models.Index(fields=["pupil", "letter"], name="casework_le_pupil_i_beb6b8_idx"),
                    models.Index(fields=["about", "about_id"], name="casework_le_about_6ea4b1_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("about", "meeting"), ("withdrawn__isnull", True)),
                        fields=("about_id", "letter"),
                        name="letter_once_a_meeting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("absent", "The family did not come"),
                            ("moved", "Moved to another time"),
                            ("off", "Called off"),
                        ],
                        max_length=6,
                    ),
                ),
                ("came", models.JSONField(default=list)),
                ("said", models.TextField(blank=True)),
                ("next_review", models.DateField(null=True)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="casework.meeting"
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_from",
                        to="casework.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to_name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("irregular", "Irregular attendance"),
                            ("leave", "Term-time leave without permission"),
                            ("public", "Excluded child in a public place"),
                        ],
                        max_length=10,
                    ),
                ),
                ("edition", models.CharField(max_length=4)),
                ("evidence", models.JSONField()),
                ("gate", models.JSONField(default=dict)),
                (
                    "issued_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("executive_headteacher", "Executive headteacher"),
                            ("head_of_school", "Head of school, authorised by the executive headteacher"),
                            ("local_authority_officer", "Local authority"),
                            ("police", "Police"),
                        ],
                        max_length=24,
                    ),
                ),
                ("issued_on", models.DateField(null=True)),
                ("received_on", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("terms", models.JSONField(default=dict)),
                (
                    "authorised",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="casework.case",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="schools.contact"
                    ),
                ),
                (
                    "issued",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "proposed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["pupil", "contact"], name="casework_no_pupil_i_a5b4b1_idx")],
            },
        ),
        migrations.CreateModel(
            name="NoticeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dropped", "Not issued after all"),
                            ("received", "Received by the parent"),
                            ("paid", "Payment"),
                            ("withdrawn", "Withdrawn"),
                            ("kept", "Kept, though marks were changed"),
                            ("prosecuted", "The authority prosecutes"),
                            ("not_prosecuted", "The authority does not prosecute"),
                        ],
                        max_length=14,
                    ),
                ),
                ("day", models.DateField()),
                ("pence", models.PositiveIntegerField(null=True)),
                ("ground", models.TextField(blank=True)),
                ("told_by", models.CharField(blank=True, max_length=120)),
                ("detail", models.JSONField(default=dict)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="casework.notice"
                    ),
                ),
                (
                    "taken_back",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
            },
        ),
        migrations.CreateModel(
            name="NoticeSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("half", models.CharField(choices=[("AM", "morning"), ("PM", "afternoon")], max_length=2)),
                ("code", models.CharField(max_length=2)),
                ("counts", models.BooleanField(default=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.contact"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.enrolment"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="casework.notice"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.pupil"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "half"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("counts", True)),
                        fields=("pupil", "contact", "day", "half"),
                        name="session_counts_once_a_parent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeToImprove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateField()),
                ("ends", models.DateField()),
                ("enough", models.TextField()),
                ("support", models.TextField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("improved", "Enough was done"),
                            ("not_improved", "Not enough was done"),
                            ("ended", "Given up early"),
                        ],
                        max_length=12,
                    ),
                ),
                ("outcome_words", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.letterwritten",
                    ),
                ),
                (
                    "outcome_deed",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices_to_improve",
                        to="schools.pupil",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "notices to improve",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome_deed__isnull", True)),
                        fields=("pupil",),
                        name="one_notice_to_improve_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("begins"))), name="improvement_has_its_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contents", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="casework.case"
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="casework.notice",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PromptWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("advised", "Put before the head of school"), ("not_now", "No notice now")],
                        max_length=8,
                    ),
                ),
                ("prompt", models.CharField(max_length=10)),
                ("sessions", models.JSONField()),
                ("because", models.TextField()),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prompt_words", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Raised",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[("punctuality", "Punctuality"), ("attendance", "Attendance")], max_length=12
                    ),
                ),
                ("day", models.DateField()),
                ("with_whom", models.CharField(max_length=120)),
                ("said", models.TextField()),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="raised", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "raised",
                "ordering": ["day", "id"],
            },
        ),
        migrations.CreateModel(
            name="SupportOffered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("what", models.TextField()),
                ("provider", models.CharField(blank=True, max_length=120)),
                ("day", models.DateField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support",
                        to="casework.case",
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="support", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "support offered",
                "ordering": ["day", "id"],
            },
        ),
        migrations.CreateModel(
            name="SupportAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("taken_up", "Taken up"),
                            ("refused", "Refused"),
                            ("ended", "Came to its end"),
                            ("not_apt", "Turned out not to be apt"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("note", models.TextField(blank=True)),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="casework.supportoffered",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("percent", "A figure by a day"), ("every_day", "In every day until a day")],
                        max_length=10,
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("begins", models.DateField()),
                ("ends", models.DateField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="casework.case",
                    ),
                ),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="casework.meeting",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="schools.pupil"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "withdrawn",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "percent"), ("percent__gt", 0), ("percent__lte", 100)),
                            models.Q(("kind", "every_day"), ("percent__isnull", True)),
                            _connector="OR",
                        ),
                        name="target_has_its_figure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("begins"))), name="target_ends_after_it_begins"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetingPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("contents", models.JSONField()),
                (
                    "deed",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.deed"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="steptaken",
            name="step_once_a_round",
        ),
        migrations.AddField(
            model_name="review",
            name="registers_missing",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="reviewrow",
            name="shown",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="steptaken",
            name="answer",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="steptaken",
            name="because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="steptaken",
            name="evidence",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="steptaken",
            name="path",
            field=models.CharField(
                choices=[("school", "The school's flow chart"), ("authority", "The authority's process")],
                default="school",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="choice",
            field=models.CharField(
                choices=[
                    ("agree", "Agreed"),
                    ("otherwise", "Otherwise"),
                    ("none", "No action"),
                    ("handed", "Handed to somebody"),
                    ("carried", "Carried over to the next review"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="steptaken",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="casework.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="steptaken",
            constraint=models.UniqueConstraint(
                condition=models.Q(("path", "school"), ("withdrawn__isnull", True)),
                fields=("pupil", "step", "round"),
                name="step_once_a_round",
            ),
        ),
    ]
