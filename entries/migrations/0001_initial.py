import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entries.glossary.models
import entries.search.expressions
import entries.search.functions
import records.cleaning
import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("lessons", "0002_initial"),
        ("meetings", "0001_initial"),
        ("practices", "0001_initial"),
        ("themes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ThemeSearchDocument",
            fields=[
                ("words", entries.search.expressions.WordsField()),
                (
                    "record",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="themes.theme",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=2, primary_key=True, serialize=False, verbose_name="ISO code"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": [entries.search.functions.Normalised("name")],
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "term",
                    models.CharField(
                        help_text="The word this portal prefers.",
                        max_length=100,
                        unique=True,
                        verbose_name="term",
                    ),
                ),
                (
                    "others",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="Abbreviations, old names and other words for the very same, one a line.",
                        verbose_name="other terms",
                    ),
                ),
                (
                    "narrower",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="Words for a part of it only: whoever searches for one is shown what is filed under the term, and told so.",
                        verbose_name="narrower terms",
                    ),
                ),
            ],
            options={
                "verbose_name": "synonym",
                "verbose_name_plural": "thesaurus",
                "ordering": ["term"],
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("term", models.CharField(max_length=150, unique=True, verbose_name="term")),
                (
                    "abbreviation",
                    models.CharField(
                        blank=True, db_index=True, max_length=30, verbose_name="abbreviation"
                    ),
                ),
                (
                    "others",
                    records.fields.LinesField(
                        blank=True, default=list, verbose_name="other printed forms"
                    ),
                ),
                (
                    "meaning",
                    models.TextField(
                        blank=True,
                        help_text="What the source says of it, in our wording; empty where it only uses it.",
                        verbose_name="meaning",
                    ),
                ),
                (
                    "reading",
                    models.TextField(
                        blank=True,
                        help_text="What the portal adds, marked as its own.",
                        verbose_name="reading",
                    ),
                ),
                (
                    "source_page",
                    models.CharField(blank=True, max_length=40, verbose_name="page in the source"),
                ),
                (
                    "see",
                    records.fields.LinesField(
                        blank=True,
                        default=list,
                        help_text="Kind and slug: lesson/trust.",
                        validators=[entries.glossary.models.validate_see],
                        verbose_name="see also",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="meetings.paper",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "term of the glossary",
                "verbose_name_plural": "glossary",
                "ordering": [entries.search.functions.Normalised("term")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("document", "document"),
                            ("page", "web page"),
                            ("publisher", "publisher's own page or channel"),
                            ("unassigned", "not yet assigned"),
                        ],
                        default="document",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[("certain", "certain"), ("probable", "probable")],
                        default="certain",
                        help_text="Whether the address itself says that it belongs to the entry; of an address not yet assigned nothing is read.",
                        max_length=10,
                        verbose_name="certainty",
                    ),
                ),
                (
                    "source_page",
                    models.CharField(
                        blank=True,
                        help_text="Where the source prints the address.",
                        max_length=40,
                        verbose_name="page",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="What the reading rests on.",
                        max_length=300,
                        verbose_name="note",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="lessons.lesson",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="meetings.meeting",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="meetings.paper",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="practices.practice",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="lessons.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lesson__isnull", True),
                                ("meeting__isnull", False),
                                ("paper__isnull", True),
                                ("practice__isnull", True),
                                ("question__isnull", True),
                            ),
                            models.Q(
                                ("lesson__isnull", True),
                                ("meeting__isnull", True),
                                ("paper__isnull", False),
                                ("practice__isnull", True),
                                ("question__isnull", True),
                            ),
                            models.Q(
                                ("lesson__isnull", True),
                                ("meeting__isnull", True),
                                ("paper__isnull", True),
                                ("practice__isnull", False),
                                ("question__isnull", True),
                            ),
                            models.Q(
                                ("lesson__isnull", False),
                                ("meeting__isnull", True),
                                ("paper__isnull", True),
                                ("practice__isnull", True),
                                ("question__isnull", True),
                            ),
                            models.Q(
                                ("lesson__isnull", True),
                                ("meeting__isnull", True),
                                ("paper__isnull", True),
                                ("practice__isnull", True),
                                ("question__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="link_has_one_entry",
                        violation_error_message="A link belongs to exactly one entry.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("meeting__isnull", False)),
                        fields=("url", "meeting"),
                        name="link_once_per_meeting",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("paper__isnull", False)),
                        fields=("url", "paper"),
                        name="link_once_per_paper",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("practice__isnull", False)),
                        fields=("url", "practice"),
                        name="link_once_per_practice",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lesson__isnull", False)),
                        fields=("url", "lesson"),
                        name="link_once_per_lesson",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("question__isnull", False)),
                        fields=("url", "question"),
                        name="link_once_per_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "unassigned"), _negated=True),
                            ("paper__isnull", False),
                            _connector="OR",
                        ),
                        name="link_unassigned_stays_with_paper",
                        violation_error_message="A link not yet assigned stays with its paper.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certainty", ""), ("role", "unassigned")),
                            models.Q(
                                models.Q(("role", "unassigned"), _negated=True),
                                models.Q(("certainty", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="link_certainty_of_a_reading",
                        violation_error_message="Say how sure it is that the address is the entry’s.",
                    ),
                ],
            },
            bases=(records.cleaning.Cleaned, models.Model),
        ),
        migrations.CreateModel(
            name="LoggedTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("sent", "sent to review"),
                            ("returned", "returned"),
                            ("published", "published"),
                            ("changed", "changed after publication"),
                            ("confirmed", "confirmed after a second look"),
                            ("withdrawn", "withdrawn"),
                            ("restored", "restored to draft"),
                        ],
                        max_length=10,
                        verbose_name="transition",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "transition",
                "verbose_name_plural": "transitions",
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["content_type", "object_id"], name="transition_of_record")
                ],
            },
        ),
    ]
