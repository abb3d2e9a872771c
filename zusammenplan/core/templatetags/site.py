"""Header and footer of the public pages: the same on all of them but for a few marks."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zusammenplan.core.public import keep_for_version
from zusammenplan.core.templatetags.zp import language_url

register = template.Library()
STAND_IN = "\0"


@register.simple_tag(takes_context=True)
def site_header(context: Context) -> SafeString:
    """Write the header with the page's own entry marked, and its address in the other language."""
    request = context.get("request")
    language = get_language() or "de"
    there = language_url(context, "en" if language == "de" else "de")
    current = [
        f"{place}{entry['url'] == request.path}"
        for place, entry in enumerate(context.get("site_menu") or ())
        if request and entry["current"]
    ]
    key = f"header:{language}:{bool(there)}:{','.join(current)}"
    more = {"kept_language_url": SafeString(STAND_IN) if there else ""}
    text = keep_for_version(
        request, key, lambda: _rendered(context, "components/site_header.html", more)
    )
    return SafeString(text.replace(STAND_IN, conditional_escape(there)))


@register.simple_tag(takes_context=True)
def site_footer(context: Context) -> SafeString:
    """Write the footer."""
    text = keep_for_version(
        context.get("request"),
        f"footer:{get_language()}",
        lambda: _rendered(context, "components/site_footer.html", {}),
    )
    return SafeString(text)


def _rendered(context: Context, name: str, more: dict[str, Any]) -> str:
    known: dict[Any, Any] = context.flatten()
    return str(render_to_string(name, {**known, **more}))
