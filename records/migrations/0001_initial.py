from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=50, verbose_name="kind of record")),
                ("slug", models.SlugField(max_length=120, verbose_name="former slug")),
                (
                    "current_slug",
                    models.SlugField(
                        blank=True,
                        help_text="Empty: the record is deleted.",
                        max_length=120,
                        verbose_name="present slug",
                    ),
                ),
            ],
            options={
                "verbose_name": "former address",
                "verbose_name_plural": "former addresses",
                "constraints": [
                    models.UniqueConstraint(fields=("model", "slug"), name="former_slug_unique")
                ],
            },
        ),
    ]
