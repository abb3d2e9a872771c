"""The few template tags of the house: marks, numbers, form fields, links that keep the query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, CheckboxInput, FileInput
from django.forms.boundfield import BoundField
from django.forms.widgets import DateInput, NumberInput
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from zusammenplan.core import mail, pictures
from zusammenplan.core.german import german_alone, is_german, markup

register = template.Library()

Number = int | float | Decimal


# --- numbers -----------------------------------------------------------------------------


def number_format() -> Callable[[Number], str]:
    """Give the way the page's language writes a degree."""
    return partial(pictures.plain_number, comma="." if _language() == "en" else ",")


@register.filter
def degree(value: Number | None) -> str:
    """Write a degree: 1,5 in German, 1.5 in English, a dash for none."""
    return pictures.NO_DEGREE if value is None else number_format()(value)


# --- languages ---------------------------------------------------------------------------


@register.filter
def spoken(value: object) -> object:
    """Write a text; a German one that nobody has written in English says so to screen readers."""
    text = value if isinstance(value, str) else str(value)
    return SafeString(markup(text)) if is_german(text) else value


@register.filter
def german(value: str) -> object:
    """Write a text that has no English version; on an English page it says that it is German."""
    return spoken(german_alone(value, _language()))


@register.simple_tag
def lang_of(text: object) -> SafeString:
    """Say the same of a whole element, whose text is then written with paragraphs."""
    return SafeString(' lang="de"' if is_german(text) else "")


# --- pictures ----------------------------------------------------------------------------


@register.simple_tag
def priority_mark(
    value: Number | None, first: int = 1, last: int = 6, size: pictures.Size = "normal"
) -> SafeString:
    """
    Draw the priority mark of a degree.

    ``first`` is the grade that means "comes first", ``last`` the one that means "comes last":
    1 and 6 as in school grades, 10 and 0 where ten points come first.
    """
    return _priority_mark(None if value is None else float(value), first, last, size, _language())


@lru_cache(maxsize=2048)
def _priority_mark(
    value: float | None,
    first: int,
    last: int,
    size: pictures.Size,
    language: str,  # noqa: ARG001 - the mark is kept per language
) -> SafeString:
    mark = pictures.priority_mark(value, first=first, last=last, size=size, number=number_format())
    return _compact("components/priority_mark.html", {"mark": mark, "value": value})


STATUS_KINDS = {
    "planned": "planned",
    "running": "running",
    "partly": "running",
    "partly_done": "running",
    "done": "done",
    "not_done": "off",
    "dropped": "off",
    "deferred": "planned",
    "carried_over": "planned",
}


@register.simple_tag
def status_sign(status: str, label: str) -> SafeString:
    """Write a status with its sign; an unknown status gets the sign of a planned one."""
    sign = status if status in STATUS_KINDS else "planned"
    return _status_sign(sign, str(label))


@lru_cache(maxsize=512)
def _status_sign(sign: str, label: str) -> SafeString:
    context = {"sign": sign, "kind": STATUS_KINDS[sign], "label": label}
    return _compact("components/status.html", context)


def _compact(name: str, context: dict[str, Any]) -> SafeString:
    """Render a mark that a page shows a hundred times, without the template's indentation."""
    return SafeString(" ".join(render_to_string(name, context).split()))


@register.inclusion_tag("components/steps_bar.html")
def steps_bar(done: int, total: int, unit: str = "") -> dict[str, Any]:
    """Draw so many of so many; ``unit`` completes the sentence for screen readers."""
    return {"bar": pictures.steps_bar(done, total), "unit": unit}


@register.inclusion_tag("components/mirror_histogram.html")
def mirror_histogram(
    picture: pictures.MirrorHistogram, text: str, css_class: str = "zp-max-s"
) -> dict[str, Any]:
    """Draw the distribution of marks; ``text`` tells it to those who do not see it."""
    return {"picture": picture, "text": text, "css_class": css_class}


@register.inclusion_tag("components/histogram_legend.html")
def histogram_legend(*names: str) -> dict[str, Any]:
    """Explain the signs of two mirrored groups."""
    return {"names": names}


# --- what is not there yet ---------------------------------------------------------------


@register.inclusion_tag("components/empty.html")
def nothing_here(
    head: str = "", text: str = "", *, link: str = "", url: str = "", level: int = 2
) -> dict[str, Any]:
    """
    Say that nothing stands here, what would, and how one begins: ``_("No goal yet") _("Goals …")``.

    The link shows only where there is an address, so whoever may not begin is given none.
    """
    return {"head": head, "text": text, "link": link, "url": url, "level": level}


# --- forms -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldError:
    """A line of the summary above a form."""

    anchor: str
    label: str
    message: str

    @property
    def text(self) -> str:
        """Join label and message; a label that is a sentence keeps its own full stop."""
        if not self.label:
            return self.message
        return f"{self.label}{' ' if self.label[-1] in '.?!:' else ': '}{self.message}"


@register.simple_tag
def field(
    bound: BoundField,
    css_class: str = "",
    hide_optional: bool = False,  # noqa: FBT001, FBT002 - named in the template
) -> SafeString:
    """Write a form field: label, hint, error, input, all tied together for screen readers."""
    widget = bound.field.widget
    is_group = bool(widget.use_fieldset)
    described = [
        f"{bound.auto_id}_{part}"
        for part, present in (("helptext", bound.help_text), ("error", bound.errors))
        if present
    ]
    context = {
        "field": bound,
        "is_group": is_group,
        "is_check": isinstance(widget, CheckboxInput),
        "described_by": " ".join(described),
        "css_class": css_class,
        "hide_optional": hide_optional,
        "input": "" if is_group else bound.as_widget(attrs=_input_attributes(bound, described)),
    }
    return render_to_string("components/field.html", context)


def _input_attributes(bound: BoundField, described: list[str]) -> dict[str, Any]:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        classes = ""
    elif isinstance(widget, FileInput):
        classes = "zp-input zp-input--file"
    elif isinstance(widget, DateInput):
        classes = "zp-input zp-input--day"
    elif isinstance(widget, NumberInput):
        classes = "zp-input zp-input--num"
    else:
        classes = "zp-input"
    own = str(widget.attrs.get("class", ""))
    attributes: dict[str, Any] = {}
    if classes or own:
        attributes["class"] = f"{classes} {own}".strip()
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return attributes


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: BaseForm) -> dict[str, Any]:
    """
    Sum up what is wrong above one or more forms, each line a link to its field.

    What somebody else saved meanwhile comes first.
    """
    clashes = [getattr(form, "conflict", None) for form in forms]
    return {
        "conflict": next((clash for clash in clashes if clash is not None), None),
        "errors": [error for form in forms if form.is_bound for error in _errors_of(form)],
    }


def _errors_of(form: BaseForm) -> list[FieldError]:
    errors = [FieldError("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or f"{bound.auto_id}_0"
        errors += [FieldError(anchor, str(bound.label), str(text)) for text in bound.errors]
    return errors


# --- links -------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def language_url(context: Any, language: str) -> str:
    """Give this page's address in the other language, or nothing where there is none."""
    if "kept_language_url" in context:
        # A header that many pages share stands for it with a mark of its own.
        return str(context["kept_language_url"])
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    here = request.get_full_path()
    there = _translated(here, language, _language())
    return "" if there == here else there


@lru_cache(maxsize=1024)
def _translated(
    address: str,
    language: str,
    _now: str,  # an address is read in the language of the moment
) -> str:
    return translate_url(address, language)


@register.simple_tag(takes_context=True)
def query_replace(context: Mapping[str, Any], **changes: Any) -> str:
    """Give the query of this page with some parameters changed; ``None`` or "" removes one."""
    request: HttpRequest | None = context.get("request")
    query = QueryDict(mutable=True) if request is None else request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A numbered page or, without a number, the gap between two."""

    number: int | None
    url: str
    is_current: bool


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Mapping[str, Any], page: Page[Any], parameter: str = "page", label: str = ""
) -> dict[str, Any]:
    """Lead through the pages of a list and keep its filters; a second list needs a ``label``."""

    def url(number: int) -> str:
        return query_replace(context, **{parameter: number if number > 1 else None})

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        PageLink(number, url(number), is_current=number == page.number)
        if isinstance(number, int)
        else PageLink(None, "", is_current=False)
        for number in numbers
    ]
    return {
        "page": page,
        "label": label,
        "links": links,
        "total": page.paginator.count,
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/sort_link.html", takes_context=True)
def sort_link(
    context: Mapping[str, Any], label: str, key: str, current: str, parameter: str = "sort"
) -> dict[str, Any]:
    """
    Write a column's head as a link that sorts by it.

    ``current`` is the page's sorting: the column's key, with a minus in front when descending.
    """
    ascending, descending = current == key, current == f"-{key}"
    wanted = f"-{key}" if ascending else key
    return {
        "label": label,
        "url": query_replace(context, **{parameter: wanted, "page": None}),
        "ascending": ascending,
        "descending": descending,
    }


@register.inclusion_tag("components/sort_form.html", takes_context=True)
def sort_form(
    context: Mapping[str, Any], current: str, target: str, **columns: str
) -> dict[str, Any]:
    """
    Let somebody sort a list on a narrow screen, where its rows stand as blocks without heads.

    ``columns`` are the keys of the heads and what stands in them.
    """
    request: HttpRequest | None = context.get("request")
    sent = QueryDict() if request is None else request.GET
    options = []
    for key, label in columns.items():
        options.append({"key": key, "label": _("%(column)s, ascending") % {"column": label}})
        options.append({"key": f"-{key}", "label": _("%(column)s, descending") % {"column": label}})
    return {
        "path": request.path if request else "",
        "target": target,
        "current": current,
        "options": options,
        "kept": [
            (name, value)
            for name, values in sent.lists()
            if name not in {"sort", "page"}
            for value in values
        ],
    }


@register.simple_tag
def mails_arrive() -> bool:
    """Tell whether a mail server is set up."""
    return mail.mails_arrive()


@register.simple_tag
def aria_sort(key: str, current: str) -> SafeString:
    """Tell screen readers how the list is sorted; stands inside the head cell's tag."""
    if current == key:
        return SafeString(' aria-sort="ascending"')
    if current == f"-{key}":
        return SafeString(' aria-sort="descending"')
    return SafeString("")


def _language() -> str:
    return (get_language() or "de")[:2]
