"""The feed of a plan's changes says what RFC 4287 demands of it, whatever people wrote."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.tests.factories import make_plan
from zusammenplan.plans.tests.full_plan import make_full_plan

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Section 4.1: what must stand once, and what may stand at most once or any number of times.
ONCE = {"feed": {"id", "title", "updated"}, "entry": {"id", "title", "updated"}}
AT_MOST_ONCE = {
    "feed": {"generator", "icon", "logo", "rights", "subtitle"},
    "entry": {"content", "published", "rights", "source", "summary"},
}
OFTEN = {
    "feed": {"author", "category", "contributor", "link", "entry"},
    "entry": {"author", "category", "contributor", "link"},
}
# Section 3.3: a moment of RFC 3339 with capital letters.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def faults(content: bytes) -> list[str]:
    """Tell what of the feed breaks a rule of RFC 4287; nothing if it is valid."""
    feed = ET.fromstring(content)
    entries = feed.findall(f"{ATOM}entry")
    found = [*_faults_of(feed, "feed")]
    for entry in entries:
        found += _faults_of(entry, "entry")
        if feed.find(f"{ATOM}author") is None and entry.find(f"{ATOM}author") is None:
            found.append("nobody is the author of an entry")
    names = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    found += [f"two entries are named {name}" for name, times in names.items() if times > 1]
    return found


def _faults_of(element: ET.Element, kind: str) -> list[str]:
    children = Counter(child.tag.removeprefix(ATOM) for child in element)
    known = ONCE[kind] | AT_MOST_ONCE[kind] | OFTEN[kind]
    found = [f"{kind} has {name}" for name in children if name not in known]
    found += [f"{kind} needs one {name}" for name in ONCE[kind] if children[name] != 1]
    found += [f"{kind} has two {name}" for name in AT_MOST_ONCE[kind] if children[name] > 1]
    found += [
        f"no moment: {moment.text}"
        for name in ("updated", "published")
        for moment in element.findall(f"{ATOM}{name}")
        if not MOMENT.fullmatch(moment.text or "")
    ]
    name = element.findtext(f"{ATOM}id") or ""
    links = element.findall(f"{ATOM}link")
    found += [
        f"no full address: {address}"
        for address in (name, *(link.get("href", "") for link in links))
        if not ADDRESS.fullmatch(address)
    ]
    relations = Counter((one.get("rel"), one.get("type"), one.get("hreflang")) for one in links)
    found += [f"two links are {what}" for what, times in relations.items() if times > 1]
    if kind == "feed" and not any(link.get("rel") == "self" for link in links):
        found.append("the feed does not tell its own address")
    if not any(link.get("rel") == "alternate" for link in links):
        found.append(f"{kind} leads to no page")
    for author in element.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip():
            found.append("an author has no name")
    for text in (*element.findall(f"{ATOM}title"), *element.findall(f"{ATOM}summary")):
        if text.get("type", "text") not in {"text", "html"} or len(text):
            found.append(f"markup in {text.tag}")
    return found


@pytest.mark.parametrize("before", ["", "/en"])
def test_a_feed_is_valid_whatever_the_texts_hold(client: Client, before: str) -> None:
    full = make_full_plan()
    full.measure.title_de = '<b>Bus</b> & "Bahn" \x0b\U0001f68c \u202eabc ]]>' + "x" * 200
    full.measure.status = MeasureStatus.DROPPED
    full.measure.status_reason = "<script>alert(1)</script> &nbsp;"
    full.measure.save()

    content = client.get(f"{before}/plan/{full.plan.slug}/aenderungen.atom").content

    assert faults(content) == []
    feed = ET.fromstring(content)
    assert feed.get(LANGUAGE) == (before.strip("/") or "de")
    assert len(feed.findall(f"{ATOM}entry")) > 1
    assert b"<script" not in content


def test_a_feed_in_which_nothing_changed_is_valid(client: Client) -> None:
    plan = make_plan()

    assert faults(client.get(f"/plan/{plan.slug}/aenderungen.atom").content) == []
