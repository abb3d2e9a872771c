"""Freeze versions of a plan; nothing here changes or deletes one."""

import hashlib
from datetime import datetime

from django.db import models

from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import lock, raise_version_of
from zusammenplan.plans.domain.content import to_json
from zusammenplan.plans.models import Plan, PlanVersion, Resolution
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.data_blocks import with_drawings


@in_one_snapshot
def freeze(
    plan: Plan,
    *,
    label_de: str,
    label_en: str = "",
    resolution: Resolution | None = None,
    by: User | None,
    now: datetime,
) -> PlanVersion:
    """Keep all that stands in the plan now, for ever; versions are numbered from 1 in each plan."""
    plan = lock(plan)
    content = to_json(with_drawings(plan_content(plan)))
    last = plan.versions.aggregate(last=models.Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        label_de=label_de,
        label_en=label_en,
        content=content,
        checksum=checksum_of(content),
        resolution=resolution,
        frozen_at=now,
        frozen_by=by,
    )
    raise_version_of(plan)
    return version


def checksum_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
