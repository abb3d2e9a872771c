"""A room: people vote on their phones, projectors ask how it stands, visitors read."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from bench.cases.data import make_figures
from bench.data import make_plan, make_whole_plan
from bench.load.browser import Browser, RefusedError
from bench.load.journal import Journal
from bench.load.size import Size
from bench.votes import give_links, make_round
from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.models import Mark, Round, SecretMark, Voter

MEASURES = 16
WAVE_SECONDS = 300.0
# A projector asks every five seconds, as its page says.
POLL_SECONDS = 5.0
# The last one begins before this share of the time is over.
COME_UNTIL = 0.6
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
ITEM = re.compile(rb'id="m(\d+)"')
GRADES = range(1, 7)


@dataclass(slots=True)
class Room:
    """What is there to vote on and to read, and what the server said it has kept."""

    open_links: dict[int, str]
    secret_links: dict[int, str]
    walls: list[str]
    pages: list[str]
    rounds: list[Round]
    marks: dict[tuple[int, int], int] = field(default_factory=dict)
    secret: dict[tuple[int, int], int] = field(default_factory=dict)

    def faults(self) -> Iterator[str]:
        """Compare what was acknowledged with what the database holds, one by one."""
        found = Mark.objects.filter(item__round__in=self.rounds)
        kept = {(voter, item): grade for voter, item, grade in found.values_list(*_MARK)}
        if kept != self.marks:
            yield f"{len(self.marks)} marks were acknowledged, {len(kept)} are kept or differ"
        tally = Counter(SecretMark.objects.values_list("item_id", "grade"))
        told = Counter((item, grade) for (_, item), grade in self.secret.items())
        if tally != told:
            yield f"{told.total()} secret marks were acknowledged, {tally.total()} are kept"
        voters = {voter for voter, _ in (*self.marks, *self.secret)}
        voted = set(Voter.objects.filter(has_voted=True).values_list("pk", flat=True))
        if voted != voters:
            yield f"{len(voters)} have voted, {len(voted)} are noted"


_MARK = ("ballot_id", "item_id", "grade")


def fill(size: Size) -> Room:
    """Make an open and a secret vote, a public plan with its results, and figures of areas."""
    waves = size.waves
    secret = waves * size.voters // 5
    rounds = [_vote(is_secret=False), _vote(is_secret=True)]
    groups = [round_.groups.order_by("position")[0] for round_ in rounds]
    plan = make_whole_plan(size.measures, versions=1)
    released = make_round(plan, [], is_released=True)
    area = make_figures(8, 12, 4, prefix="kreis")
    measures = plan.measures.order_by("pk").values_list("pk", flat=True)[:20]
    return Room(
        open_links=give_links(groups[0], waves * size.voters - secret),
        secret_links=give_links(groups[1], secret),
        walls=[f"/leinwand/{round_.wall_key}/" for round_ in rounds],
        rounds=rounds,
        pages=[
            *("/", "/plan/", f"/plan/{plan.slug}/", f"/plan/{plan.slug}/ziele/"),
            *(f"/plan/{plan.slug}/bedarfe/", f"/plan/{plan.slug}/zeitplan/", "/ergebnis/"),
            *(f"/ergebnis/{round_.slug}/" for round_ in (*rounds, released)),
            *("/daten/", f"/daten/gebiet/{area.pk}/", "/impressum/", "/en/"),
            *(f"/plan/{plan.slug}/massnahme/{measure}/" for measure in measures),
        ],
    )


def _vote(*, is_secret: bool) -> Round:
    """Let everybody watch a vote of which one group is in already, which is the dearest case."""
    plan = make_plan(MEASURES, slug="geheim" if is_secret else "offen")
    round_ = make_round(plan, ["Externe Steuerungsgruppe", "Interne Steuerungsgruppe"])
    round_.is_secret = is_secret
    round_.audience = Audience.PUBLIC
    round_.save()
    round_.groups.filter(position=1).update(closed_at=timezone.now())
    return round_


def people(room: Room, journal: Journal, size: Size) -> Iterator[Coroutine[Any, Any, None]]:
    """Give what everybody does, from the beginning to the end of the scene."""
    chance = random.Random(1)
    links = [(voter, link, room.marks) for voter, link in room.open_links.items()]
    links += [(voter, link, room.secret) for voter, link in room.secret_links.items()]
    chance.shuffle(links)
    length = size.seconds / size.waves
    for place, (voter, link, kept) in enumerate(links):
        wave = place // size.voters
        begins = wave * length + chance.uniform(0, length * COME_UNTIL)
        pause = ((wave + 0.95) * length - begins) / (MEASURES + 4)
        phone = Phone(Browser(journal), voter, link, kept, random.Random(voter))
        yield phone.vote(begins, pause)
    for place in range(size.walls):
        wall = room.walls[place % len(room.walls)]
        yield _watch(Browser(journal), wall, size.seconds, random.Random(place))
    for place in range(size.visitors):
        yield _read(Browser(journal), room.pages, size.seconds, random.Random(place))


@dataclass(slots=True)
class Phone:
    """Somebody with a personal link."""

    browser: Browser
    voter: int
    link: str
    kept: dict[tuple[int, int], int]
    chance: random.Random

    async def vote(self, begins: float, pause: float) -> None:
        """Come, set a mark on each measure, think again about some, check and hand in."""
        await asyncio.sleep(begins)
        entered = await self.browser.get(
            "personal link", f"/abstimmung/{self.link}/", expect=(302,)
        )
        ballot = entered.headers["location"]
        page = (await self.browser.open("ballot", ballot)).body
        token = CSRF.findall(page)[0].decode()
        items = [int(item) for item in ITEM.findall(page)]
        changed = self.chance.sample(items, 2)
        for item in (*self.chance.sample(items, len(items)), *changed):
            await asyncio.sleep(self.chance.uniform(0, 1.6) * pause)
            await self._mark(ballot, item, token)
        sent = {"csrfmiddlewaretoken": token}
        await self.browser.get("check before handing in", f"{ballot}pruefen/")
        await self.browser.post("handing in", f"{ballot}pruefen/", sent)
        await self.browser.get("thanks", f"{ballot}danke/")
        self.browser.close()

    async def _mark(self, ballot: str, item: int, token: str) -> None:
        grade = self.chance.choice(GRADES)
        await self.browser.post(
            "mark",
            ballot,
            {f"m{item}": str(grade)},
            expect=(200,),
            HX_Request="true",
            X_CSRFToken=token,
        )
        self.kept[self.voter, item] = grade


async def _watch(browser: Browser, wall: str, seconds: float, chance: random.Random) -> None:
    """Ask how it stands every five seconds, with the tag of the last answer."""
    end = asyncio.get_running_loop().time() + seconds
    await asyncio.sleep(chance.uniform(0, min(20.0, seconds / 4)))
    tag = (await browser.open("projector's page", wall)).headers.get("etag", "-")
    while (left := end - asyncio.get_running_loop().time()) > POLL_SECONDS:
        began = asyncio.get_running_loop().time()
        answer = await browser.get(
            "projector's poll",
            f"{wall}stand/",
            expect=(200, 304),
            If_None_Match=tag,
            HX_Request="true",
        )
        tag = answer.headers["etag"]
        took = asyncio.get_running_loop().time() - began
        await asyncio.sleep(min(left, max(0.0, POLL_SECONDS - took)))
    browser.close()


async def _read(browser: Browser, pages: list[str], seconds: float, chance: random.Random) -> None:
    """Read one public page after the other."""
    end = asyncio.get_running_loop().time() + seconds
    await asyncio.sleep(chance.uniform(0, 4))
    while asyncio.get_running_loop().time() < end:
        try:
            await browser.get("public page", chance.choice(pages))
        except RefusedError:
            browser.journal.events["a visitor went on after a refusal"] += 1
        await asyncio.sleep(chance.uniform(1, 5))
    browser.close()
