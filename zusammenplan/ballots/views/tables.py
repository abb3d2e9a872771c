"""Take over a plan's table on three pages: choose the file, check, done."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.ballots.actions import (
    OtherThanShownError,
    Outlook,
    RefusedError,
    Shown,
    TakenOver,
    look_ahead,
    take_over,
)
from zusammenplan.ballots.forms.table_files import (
    FoundTable,
    TableForm,
    found_in,
    readable_name,
)
from zusammenplan.ballots.forms.tables import Choices, choices_of
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import may_prepare
from zusammenplan.ballots.views.table_preview import choices_context, preview
from zusammenplan.core.pages import demand
from zusammenplan.core.uploads import Upload, drop_upload, keep_upload, kept_upload, short_name
from zusammenplan.people.models import User
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import RowRefusedError
from zusammenplan.plans.actions.tables import remember_columns
from zusammenplan.plans.domain.plan_table import PlanTable
from zusammenplan.plans.domain.table_rows import heading_above, headings_key
from zusammenplan.plans.models import Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.plans import plans_with_counts

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_import(request: UserRequest) -> HttpResponse:
    _demand_planner(request.user)
    plans = plans_with_counts()
    chosen = plans.filter(slug=request.GET.get("plan", "")).first()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"plan": chosen, "title": request.GET.get("title", "")}
    form = TableForm(*sent, plans=plans, initial=initial)
    if form.is_valid():
        name = short_name(form.cleaned_data["file"].name)
        upload = keep_upload(name, form.content, by=request.user, now=timezone.now())
        plan, title = form.cleaned_data["plan"], form.cleaned_data["title"]
        choices = Choices(plan=plan, title=" ".join(title.split()))
        return redirect(f"{reverse('tables:check', args=[upload.key])}?{choices.query()}")
    context = {"form": form, "plan": chosen, "steps": _steps(), "has_plans": plans.exists()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "ballots/tables/import.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_check(request: UserRequest, key: str) -> HttpResponse:
    _demand_planner(request.user)
    upload = _upload(request.user, key)
    found = found_in(upload.name, upload.content)
    data = request.POST if request.method == "POST" else request.GET
    choices = _choices(request.user, data, upload, found)
    if request.method == "POST":
        return redirect(f"{reverse('tables:check', args=[key])}?{choices.query()}")
    refusal, outlook = choices.refusal, None
    if choices.table is not None:
        outlook, refusal = _outlook(choices, choices.table)
    context = {
        "upload": upload,
        "choices": choices,
        "steps": _steps(),
        "refusal": refusal,
        "address": reverse("tables:check", args=[key]),
        "import_url": _import_url(choices.plan, title=request.GET.get("title", "")),
    }
    context |= choices_context(found, choices)
    if outlook is not None and choices.table is not None:
        context |= preview(request, upload, found, choices, choices.table, outlook)
    return render(request, "ballots/tables/check.html", context)


@never_cache
@require_POST
def table_take(request: UserRequest, key: str) -> HttpResponse:
    _demand_planner(request.user)
    upload = _upload(request.user, key)
    found = found_in(upload.name, upload.content)
    choices = _choices(request.user, request.POST, upload, found)
    check_url = f"{reverse('tables:check', args=[key])}?{choices.query()}"
    if choices.table is None:
        return redirect(check_url)
    try:
        taken = take_over(
            choices.table,
            plan=choices.plan,
            title=choices.title,
            marks_of=choices.marks_of,
            source=upload.name,
            by=request.user,
            now=timezone.now(),
            seen=_shown(request, upload, found),
        )
    except OtherThanShownError as refusal:
        messages.warning(request, f"{refusal} {_('This is how it stands now.')}")
        return redirect(check_url)
    except (RefusedError, RowRefusedError) as refusal:
        messages.error(request, f"{refusal} {_('Nothing was taken over.')}")
        return redirect(check_url)
    if choices.is_own:
        remember_columns(
            headings_key(found.best.plan),
            columns={index: meaning.value for index, meaning in choices.overruled.items()},
            statuses={it.written: it.value for it in choices.statuses},
            rows_as=choices.rows_as.value,
            source=upload.name,
            by=request.user,
            now=timezone.now(),
        )
    drop_upload(upload, by=request.user)
    messages.success(request, _taken_words(taken))
    address = reverse("tables:done", args=[taken.plan.slug])
    return redirect(f"{address}?round={taken.round.slug}" if taken.round else address)


@require_safe
def table_done(request: UserRequest, slug: str) -> HttpResponse:
    _demand_planner(request.user)
    plan = get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)
    rounds = Round.objects.visible_to(request.user).filter(plan=plan)
    context = {
        "plan": plan,
        "round": rounds.filter(slug=request.GET.get("round", "")).first(),
        "steps": _steps(),
        "import_url": _import_url(plan),
    }
    return render(request, "ballots/tables/done.html", context)


# What the pages share


def _demand_planner(user: User) -> None:
    demand(may_edit_plan(user) and may_prepare(user))


def _upload(user: User, key: str) -> Upload:
    upload = kept_upload(key, by=user)
    if upload is None:
        raise Http404
    return upload


def _choices(user: User, data: QueryDict, upload: Upload, found: FoundTable) -> Choices:
    plan = None
    if slug := data.get("plan"):
        plan = get_object_or_404(Plan.objects.visible_to(user), slug=slug)
    title = heading_above(found.best.rows, found.best.plan) or readable_name(upload.name)
    return choices_of(data, found, plan=plan, title=title)


def _shown(request: UserRequest, upload: Upload, found: FoundTable) -> Shown:
    """Read what the page showed: the choices that it was made with, and their outlook."""
    choices = _choices(request.user, QueryDict(request.POST.get("shown", "")), upload, found)
    return Shown(
        table=choices.table or found.best.plan,
        plan=choices.plan,
        title=choices.title,
        marks_of=choices.marks_of,
        fingerprint=request.POST.get("seen", ""),
    )


def _outlook(choices: Choices, table: PlanTable) -> tuple[Outlook, str]:
    """Give what would happen; with a refusal, what would happen without the marks."""
    try:
        return look_ahead(
            table, plan=choices.plan, title=choices.title, marks_of=choices.marks_of
        ), ""
    except RefusedError as refusal:
        outlook = look_ahead(table, plan=choices.plan, title=choices.title, marks_of={})
        return outlook, str(refusal)


def _import_url(plan: Plan | None, *, title: str = "") -> str:
    address = reverse("tables:import")
    if plan:
        return f"{address}?plan={plan.slug}"
    return f"{address}?{urlencode({'title': title})}" if title else address


def _steps() -> list[str]:
    return [_("Choose the file"), _("Check"), _("Take over")]


def _taken_words(taken: TakenOver) -> str:
    measures, goals = taken.measures, taken.goals
    if not taken.changed:
        return _("Everything stood in the plan already. Nothing was changed.")
    words = []
    if goals.new or goals.changed:
        words.append(
            _("Goals: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
            % {"new": goals.new, "changed": goals.changed, "unchanged": goals.unchanged}
        )
    words += [
        _("Measures: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.")
        % {
            "new": measures.new,
            "changed": measures.changed,
            "unchanged": measures.unchanged,
        }
    ]
    if left_out := len(taken.refused):
        words.append(
            ngettext(
                "%(count)s row was not taken over.",
                "%(count)s rows were not taken over.",
                left_out,
            )
            % {"count": left_out}
        )
    return " ".join(words)
