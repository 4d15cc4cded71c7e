from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_addresses_lead_to_pages")]

    operations = [
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["updated"], name="meeting_updated"),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["updated"], name="paper_updated"),
        ),
    ]
