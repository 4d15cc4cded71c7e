import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import records.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("entries", "0001_initial"),
        ("imports", "0002_initial"),
        ("meetings", "0001_initial"),
        ("themes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="countries",
            field=records.fields.ProtectedManyToManyField(
                blank=True, related_name="+", to="entries.country", verbose_name="countries"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="decided_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="groups",
            field=records.fields.ProtectedManyToManyField(
                blank=True,
                related_name="+",
                to="meetings.workinggroup",
                verbose_name="working groups",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="proposals",
                to="imports.import",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="themes",
            field=records.fields.ProtectedManyToManyField(
                blank=True, related_name="+", to="themes.theme", verbose_name="themes"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="proposal",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blocks",
                to="imports.proposal",
                verbose_name="proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "refused"), ("refusal", ""), _connector="XOR"),
                name="import_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("of", "position"), name="piece_once"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                fields=("of", "number"), name="proposal_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    ("object_id__isnull", False),
                    _connector="OR",
                ),
                name="proposal_accepted_is_an_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(fields=("of", "position"), name="block_once"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fate__in", ["proposal", "part"]), ("proposal__isnull", False)),
                    models.Q(
                        ("fate__in", ["introduction", "absence", "furniture", "left over"]),
                        ("proposal", None),
                    ),
                    _connector="OR",
                ),
                name="block_adds_up",
            ),
        ),
    ]
