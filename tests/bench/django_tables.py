"""The app's tables as Django sees them, and its settings."""

import os
from typing import Any

import django
from django.conf import settings
from django.db import models

from tests.bench.bare import TEMPLATES
from tests.bench.blanks import list_blanks

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DATABASE"], "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["tests.bench"],
    ROOT_URLCONF="tests.bench.django_site",
    SECRET_KEY="of the benchmark alone",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [TEMPLATES]}],
    USE_TZ=True,
)  # fmt: skip
django.setup()


class Row(models.Model):
    """A table that belongs to the app."""

    class Meta:
        abstract = True
        app_label = "bench"
        managed = False


def _key(to: str | type[Row], **more: Any) -> "models.ForeignKey[Any]":
    return models.ForeignKey(to, models.DO_NOTHING, null=True, **more)


class City(Row):
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    history_count = models.IntegerField()
    history_head = models.CharField(max_length=64)

    class Meta(Row.Meta):
        db_table = "city"


class Department(Row):
    city = _key(City)
    name = models.CharField(max_length=120)

    class Meta(Row.Meta):
        db_table = "department"


class Person(Row):
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name

    class Meta(Row.Meta):
        db_table = "person"


class SignInSession(Row):
    token_hash = models.CharField(max_length=64)
    person = _key(Person)
    expires_at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "sign_in_session"


class Membership(Row):
    person = _key(Person, related_name="memberships")

    class Meta(Row.Meta):
        db_table = "membership"


class MembershipDepartment(Row):
    pk = models.CompositePrimaryKey("membership_id", "department_id")
    membership = _key(Membership)
    department = _key(Department, related_name="memberships")

    class Meta(Row.Meta):
        db_table = "membership_department"


class Assessment(Row):
    city = _key(City)
    name = models.CharField(max_length=120)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10)

    class Meta(Row.Meta):
        db_table = "assessment"


class Assignment(Row):
    assessment = _key(Assessment)
    criterion = models.CharField(max_length=12)
    department = _key(Department)
    person = _key(Person)
    due_on = models.DateField(null=True)

    class Meta(Row.Meta):
        db_table = "assignment"


class Response(Row):
    assessment = _key(Assessment)
    criterion = models.CharField(max_length=12)
    narrative = models.TextField()
    narrative_version = models.IntegerField()
    narrative_by = _key(Person, db_column="narrative_by", related_name="wrote")
    narrative_at = models.DateTimeField(null=True)
    self_rating = models.CharField(max_length=10, null=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _key(Person, db_column="submitted_by", related_name="sent")
    claimed_by = _key(Person, db_column="claimed_by", related_name="taken")
    updated_at = models.DateTimeField(auto_now=True)
    city = _key(City)

    class Meta(Row.Meta):
        db_table = "response"


class ChecklistAnswer(Row):
    response = _key(Response, related_name="answers")
    item = models.CharField(max_length=40)
    ticked = models.BooleanField(default=False)
    version = models.IntegerField(default=0)
    city = _key(City)

    class Meta(Row.Meta):
        db_table = "checklist_answer"


class StoredFile(Row):
    name = models.CharField(max_length=200)
    size_bytes = models.IntegerField()

    class Meta(Row.Meta):
        db_table = "stored_file"


class Evidence(Row):
    city = _key(City)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    page_pointer = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    visibility = models.CharField(max_length=12, default="internal")
    stored = _key(StoredFile, db_column="file_id")
    url = models.CharField(max_length=2000)
    link_state = models.CharField(max_length=10)
    note = models.TextField()
    unit = models.CharField(max_length=60)
    baseline_value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    current_value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    published_percent = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_by = _key(Person, db_column="created_by")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.IntegerField(default=1)
    file_name = models.CharField(max_length=200)
    link_moved_to = models.CharField(max_length=2000)
    link_troubles = models.IntegerField(default=0)
    baseline_period = models.CharField(max_length=60)
    current_period = models.CharField(max_length=60)
    dataset = models.CharField(max_length=200)
    method = models.TextField()
    caveat = models.TextField()
    contributed_by = models.CharField(max_length=200)
    may_quote = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=500)

    class Meta(Row.Meta):
        db_table = "evidence"


class EvidenceSupport(Row):
    evidence = _key(Evidence, related_name="supports")
    response = _key(Response, related_name="supports")
    item = models.CharField(max_length=40)
    guest = models.BooleanField(default=False)
    city = _key(City)

    class Meta(Row.Meta):
        db_table = "evidence_support"


class NarrativeVersion(Row):
    response = _key(Response)
    number = models.IntegerField()
    text = models.TextField()
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "narrative_version"


class LocalCriterion(Row):
    city = _key(City)
    edition = models.CharField(max_length=40)
    criterion = models.CharField(max_length=12)
    official_wording = models.TextField()

    class Meta(Row.Meta):
        db_table = "local_criterion"


class Verdict(Row):
    response = _key(Response)
    decision = models.CharField(max_length=14)
    reason = models.TextField()
    by = _key(Person, db_column="reviewer_id")
    at = models.DateTimeField(auto_now_add=True)
    city = _key(City)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        db_table = "verdict"


class ReviewComment(Row):
    response = _key(Response)
    text = models.TextField()
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField(auto_now_add=True)
    city = _key(City)

    class Meta(Row.Meta):
        db_table = "review_comment"


class HistoryEvent(Row):
    city = _key(City)
    number = models.IntegerField()
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    details = models.TextField(default="{}")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Row.Meta):
        db_table = "history_event"


for model in (ChecklistAnswer, Evidence, EvidenceSupport, Verdict, ReviewComment, HistoryEvent):
    own = {field.column for field in model._meta.concrete_fields}
    for name, empty in list_blanks(model._meta.db_table, own):
        kind = models.TextField if isinstance(empty, str) else models.IntegerField
        kind(default=empty).contribute_to_class(model, name)
