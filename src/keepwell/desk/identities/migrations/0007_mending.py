import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_conflicts_moved"),
        ("identities", "0006_write_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BranchQuality",
            fields=[
                (
                    "branch_code",
                    models.CharField(max_length=16, primary_key=True, serialize=False, verbose_name="营业部"),
                ),
                ("n_clients", models.BigIntegerField(verbose_name="未销户客户数")),
                ("n_to_mend", models.BigIntegerField(verbose_name="待补正客户数")),
                ("n_missing", models.BigIntegerField(verbose_name="缺失项数")),
                ("n_expired", models.BigIntegerField(verbose_name="过期项数")),
                ("n_misread", models.BigIntegerField(verbose_name="校验不符项数")),
                ("n_differing", models.BigIntegerField(verbose_name="不一致项数")),
                ("fix_minutes", models.BigIntegerField(verbose_name="修补分钟数")),
            ],
            options={
                "verbose_name": "营业部资料质量",
                "db_table": "decided_branch_quality",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DataGap",
            fields=[
                ("client_id", models.CharField(max_length=34, verbose_name="客户")),
                (
                    "golden_field",
                    models.CharField(
                        choices=[
                            ("client_kind", "客户类型"),
                            ("client_name", "姓名"),
                            ("id_number", "证件号码"),
                            ("id_valid_to", "证件有效期至"),
                            ("sex", "性别"),
                            ("birth_on", "出生日期"),
                            ("nationality", "国籍"),
                            ("occupation", "职业"),
                            ("income_band", "年收入"),
                            ("phone", "手机"),
                            ("email", "邮箱"),
                            ("address", "住址"),
                            ("risk_level", "风险等级"),
                        ],
                        max_length=32,
                        verbose_name="资料项",
                    ),
                ),
                (
                    "gap_kind",
                    models.CharField(
                        choices=[
                            ("missing", "缺失"),
                            ("expired", "已过期"),
                            ("misread", "校验不符"),
                            ("differs", "各处不一致"),
                        ],
                        max_length=32,
                        verbose_name="问题",
                    ),
                ),
                ("is_required", models.BooleanField(verbose_name="属第49条所列")),
                ("since_on", models.DateField(blank=True, null=True, verbose_name="始于")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id",
                        "golden_field",
                        "gap_kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "客户资料缺口",
                "db_table": "decided_data_gap",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="GapStatistic",
            fields=[
                ("branch_code", models.CharField(max_length=16, verbose_name="营业部")),
                (
                    "golden_field",
                    models.CharField(
                        choices=[
                            ("client_kind", "客户类型"),
                            ("client_name", "姓名"),
                            ("id_number", "证件号码"),
                            ("id_valid_to", "证件有效期至"),
                            ("sex", "性别"),
                            ("birth_on", "出生日期"),
                            ("nationality", "国籍"),
                            ("occupation", "职业"),
                            ("income_band", "年收入"),
                            ("phone", "手机"),
                            ("email", "邮箱"),
                            ("address", "住址"),
                            ("risk_level", "风险等级"),
                        ],
                        max_length=32,
                        verbose_name="资料项",
                    ),
                ),
                (
                    "gap_kind",
                    models.CharField(
                        choices=[
                            ("missing", "缺失"),
                            ("expired", "已过期"),
                            ("misread", "校验不符"),
                            ("differs", "各处不一致"),
                        ],
                        max_length=32,
                        verbose_name="问题",
                    ),
                ),
                ("n_clients", models.BigIntegerField(verbose_name="客户数")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "branch_code",
                        "golden_field",
                        "gap_kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "营业部资料缺口分布",
                "db_table": "decided_gap_statistic",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Remediation",
            fields=[
                (
                    "client",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="clients.client",
                    ),
                ),
                ("n_missing", models.BigIntegerField(verbose_name="缺失项数")),
                ("n_expired", models.BigIntegerField(verbose_name="过期项数")),
                ("n_misread", models.BigIntegerField(verbose_name="校验不符项数")),
                ("n_differing", models.BigIntegerField(verbose_name="不一致项数")),
                ("fix_minutes", models.BigIntegerField(verbose_name="修补分钟数")),
                ("worth_points", models.BigIntegerField(verbose_name="修补价值分")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="补正期限")),
            ],
            options={
                "verbose_name": "待补正客户",
                "db_table": "decided_remediation",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RemediationStatistic",
            fields=[
                ("branch_code", models.CharField(max_length=16, verbose_name="营业部")),
                ("due_on", models.DateField(verbose_name="补正期限")),
                ("n_clients", models.BigIntegerField(verbose_name="客户数")),
                ("n_done", models.BigIntegerField(verbose_name="已齐备客户数")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "branch_code", "due_on", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "存量客户补正进度",
                "db_table": "decided_remediation_statistic",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="KeptQuality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.CharField(max_length=32, verbose_name="run")),
                ("on", models.DateField(verbose_name="data as of")),
                ("branch_code", models.CharField(max_length=16, verbose_name="branch")),
                ("n_clients", models.PositiveIntegerField(verbose_name="Open clients")),
                ("n_to_mend", models.PositiveIntegerField(verbose_name="Clients to mend")),
                ("n_missing", models.PositiveIntegerField(verbose_name="Missing")),
                ("n_expired", models.PositiveIntegerField(verbose_name="Expired")),
                ("n_misread", models.PositiveIntegerField(verbose_name="Misread")),
                ("n_differing", models.PositiveIntegerField(verbose_name="In conflict")),
                ("n_existing", models.PositiveIntegerField(verbose_name="Existing clients")),
                ("n_done", models.PositiveIntegerField(verbose_name="Whole")),
            ],
            options={
                "verbose_name": "data quality of a run",
                "default_permissions": (),
                "indexes": [models.Index(fields=["branch_code", "on"], name="quality_of_branch")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "branch_code"), name="quality_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conflict_key", models.CharField(db_index=True, max_length=80, verbose_name="conflict")),
                ("from_on", models.DateField(verbose_name="due until now")),
                ("to_on", models.DateField(verbose_name="put off to")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="proposed at")),
                ("run", models.CharField(max_length=32, verbose_name="run")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "decision_reason",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="reason of the decision"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "extension of a due date",
                "default_permissions": (),
                "indexes": [models.Index(fields=["state", "at", "id"], name="extension_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("conflict_key",),
                        name="one_extension_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="extension_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_on__gt", models.F("from_on"))), name="extension_is_later"
                    ),
                ],
            },
        ),
    ]
