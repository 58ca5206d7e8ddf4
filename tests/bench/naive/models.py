"""The product's rows in tables with the keys that Django makes by itself, and no other index."""

from django.db import models


class _Named(models.Model):
    class Meta:
        abstract = True
        managed = False


class Theme(_Named):
    name_ar = models.CharField(max_length=80)

    class Meta(_Named.Meta):
        db_table = "naive_theme"


class User(_Named):
    name_ar = models.CharField(max_length=120)

    class Meta(_Named.Meta):
        db_table = "naive_user"


class Association(_Named):
    name_ar = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200)

    class Meta(_Named.Meta):
        db_table = "naive_association"


class Person(_Named):
    name = models.CharField(max_length=120)
    other_name = models.CharField(max_length=120)

    class Meta(_Named.Meta):
        db_table = "naive_person"


class Phone(_Named):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=20)

    class Meta(_Named.Meta):
        db_table = "naive_phone"


class Ticket(_Named):
    team_id = models.IntegerField()
    subject = models.CharField(max_length=160)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=3)
    level = models.IntegerField()
    state = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True)
    theme = models.ForeignKey(Theme, null=True, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE)
    association = models.ForeignKey(Association, null=True, on_delete=models.CASCADE)
    assignee = models.ForeignKey(User, null=True, on_delete=models.CASCADE)

    class Meta(_Named.Meta):
        db_table = "naive_ticket"


class Entry(_Named):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="entries")
    number = models.IntegerField()
    at = models.DateTimeField()
    text = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.CASCADE)

    class Meta(_Named.Meta):
        db_table = "naive_entry"


class Waiting(_Named):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="waitings")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(_Named.Meta):
        db_table = "naive_waiting"


class Promise(_Named):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promises")
    state = models.CharField(max_length=10)
    window_from = models.DateTimeField()

    class Meta(_Named.Meta):
        db_table = "naive_promise"


class Answer(_Named):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(max_length=10)

    class Meta(_Named.Meta):
        db_table = "naive_answer"


SOURCES: dict[type[models.Model], str] = {
    Theme: "articles_theme",
    User: "accounts_user",
    Association: "associations_association",
    Person: "associations_person",
    Phone: "associations_phone",
    Ticket: "tickets_ticket",
    Entry: "tickets_entry",
    Waiting: "queues_waiting",
    Promise: "tickets_promise",
    Answer: "tickets_answer",
}
"""Where each one's rows come from."""
