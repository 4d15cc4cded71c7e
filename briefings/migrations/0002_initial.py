import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("briefings", "0001_initial"),
        ("lessons", "0001_initial"),
        ("meetings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="situation",
            name="source",
            field=models.ForeignKey(
                blank=True,
                help_text="The document this was taken from.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sourced_%(class)s_set",
                to="meetings.paper",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="lesson",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="lessons.lesson",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="meetings.meeting",
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="meetings.paper",
            ),
        ),
    ]
