"""Editors on one plan: they look for a measure, change it at the same time, and say something."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.test import Client

from bench.data import make_whole_plan
from bench.load.browser import Answer, Browser, form_with
from bench.load.journal import Journal
from bench.load.size import Size
from zusammenplan.people.actions import create_user
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Comment, Draft
from zusammenplan.plans.models import Measure, Plan

# What everybody works on today, and how often somebody does: there they meet.
HOT, MEETS = 8, 0.6
SAVES_AT_MOST = 5
DRAFT, NOTES = "/intern/notizen/entwurf/", "/intern/notizen/kommentare/plans.measure"
Form = dict[str, list[str]]


@dataclass(slots=True)
class Desk:
    """The plan, who works on it, and what the server said it has kept."""

    plan: Plan
    cookies: list[dict[str, str]]
    measures: list[int]
    before: dict[int, int]
    edits: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    drafts: set[tuple[int, str]] = field(default_factory=set)

    def faults(self) -> Iterator[str]:
        """Compare what was acknowledged with what the database holds, one by one."""
        versions = dict(self.plan.measures.values_list("pk", "version"))
        changed = Counter(self.edits.values())
        for measure, version in self.before.items():
            if versions[measure] != version + changed[measure]:
                yield f"measure {measure}: {changed[measure]} edits, version {versions[measure]}"
        history: Any = Measure.history
        kept = dict(history.filter(text_de__startswith=MARK).values_list("text_de", "id"))
        if kept != self.edits:
            yield f"{len(self.edits)} edits were acknowledged, {len(kept)} are in the history"
        said = dict(Comment.objects.values_list("text", "object_id"))
        if said != self.comments:
            yield f"{len(self.comments)} comments were acknowledged, {len(said)} are kept"
        drafts = set(Draft.objects.values_list("user_id", "key"))
        if drafts != self.drafts:
            yield f"{len(self.drafts)} drafts were left, {len(drafts)} are kept"


MARK = "Geändert von "


def fill(size: Size) -> Desk:
    plan = make_whole_plan(size.measures, slug="gemeinsam", versions=1)
    found = dict(plan.measures.order_by("position").values_list("pk", "version"))
    return Desk(plan, [_sign_in(place) for place in range(size.editors)], list(found), found)


def _sign_in(place: int) -> dict[str, str]:
    user = create_user(f"p{place}@load.example", name=f"P {place}", roles=[Role.PLANNER], by=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value, "user": str(user.pk)}


def people(desk: Desk, journal: Journal, size: Size) -> Iterator[Coroutine[Any, Any, None]]:
    for place, cookies in enumerate(desk.cookies):
        browser = Browser(journal, cookies)
        user, chance = int(cookies["user"]), random.Random(place)
        editor = Editor(desk, browser, user, size.pause_seconds, chance)
        yield editor.work(size.editing_minutes * 60)


@dataclass(slots=True)
class Editor:
    """A planner at work."""

    desk: Desk
    browser: Browser
    user: int
    pause_seconds: float
    chance: random.Random

    async def work(self, seconds: float) -> None:
        """Change one measure after the other; what is begun last stays a draft."""
        end = asyncio.get_running_loop().time() + seconds
        saved = False
        await self._pause()
        while True:
            await self._look()
            measure = self._choose()
            form = await self._begin(measure)
            if saved and asyncio.get_running_loop().time() > end:
                break
            await self._pause()
            saved = await self._save(measure, form)
            if self.chance.random() < 0.5:
                await self._say(measure, form)
            await self._pause()
        self.browser.close()

    def _choose(self) -> int:
        near = self.chance.random() < MEETS
        return self.chance.choice(self.desk.measures[:HOT] if near else self.desk.measures)

    def _page(self, measure: int) -> str:
        return f"/intern/plan/{self.desk.plan.slug}/massnahmen/{measure}/"

    async def _look(self) -> None:
        """Read the list, a page of it, or part of it."""
        asked = self.chance.choice(["", "?page=2", "?page=4", "?q=Quartier", "?status=planned"])
        address = f"/intern/plan/{self.desk.plan.slug}/massnahmen/{asked}"
        await self.browser.open("list of measures", address)

    async def _begin(self, measure: int) -> Form:
        """Open the form and begin to type, which keeps a draft."""
        address = f"{self._page(measure)}bearbeiten/"
        form = _form_in(await self.browser.open("form of a measure", address))
        await self._pause()
        form["text_de"] = [f"{MARK}{self.user}: {token_hex(8)}"]
        # Some of the plan have a status that needs one.
        form["status_reason"] = ["Wie am Tisch besprochen."]
        sent = {**form, "entwurf": [address]}
        await self.browser.post("keeping a draft", DRAFT, sent, expect=(200,))
        self.desk.drafts.add((self.user, address))
        return form

    async def _save(self, measure: int, form: Form) -> bool:
        """Tell whether it was saved; if somebody else was first, try again after a look."""
        address = f"{self._page(measure)}bearbeiten/"
        for _ in range(SAVES_AT_MOST):
            sent = {**form, "entwurf": [address]}
            answer = await self.browser.post("saving a measure", address, sent, expect=(200, 302))
            if answer.status == 302:
                self.desk.edits[form["text_de"][0]] = measure
                self.desk.drafts.discard((self.user, address))
                await self.browser.open("page of a measure", answer.headers["location"])
                return True
            self.browser.journal.events["a second editor was told of the first"] += 1
            shown = _form_in(answer)
            assert shown["version"] != form["version"], "refused without an edit conflict"
            form["version"] = shown["version"]
            await self._pause()
        self.browser.journal.events["an editor gave up after five conflicts"] += 1
        return False

    async def _say(self, measure: int, form: Form) -> None:
        text = f"Dazu: {token_hex(8)}"
        sent: Form = {"text": [text], "csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}
        await self.browser.post("comment", f"{NOTES}/{measure}/neu/", sent)
        self.desk.comments[text] = measure

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.3, 1.7) * self.pause_seconds)


def _form_in(answer: Answer) -> Form:
    return form_with("title_de", answer.body)
