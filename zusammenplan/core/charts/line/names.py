"""Where the lines of a chart are named: at their ends, at their beginnings, or in a key above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zusammenplan.core.charts.axis import WIDTH, Key, NumberFormat, Text, short, spread, width_of
from zusammenplan.core.charts.line.parts import Break, Drawn
from zusammenplan.core.charts.line.room import Room

RIGHT, RIGHT_AT_LEAST = 370.0, 250.0
BESIDE = 12.0
ROW, APART = 20.0, 18.0


@dataclass(frozen=True, slots=True)
class Names:
    """What is written at each line's end, how wide that may be, and the key above the picture."""

    ends: Sequence[str]
    wide: float
    keys: tuple[Key, ...] = ()

    @property
    def high(self) -> float:
        """Give the height of the key."""
        return ROW * len(self.keys)


def names_of(
    drawn: Sequence[Drawn],
    breaks: Sequence[Break],
    number: NumberFormat,
    room_beside: Callable[[float], Room],
) -> Names:
    """
    Write names and last values at the ends where they have room, else the names in a key.

    One line alone needs no name; a line without a name stays without any words.
    """
    values = [number(one.last[1]) if one.name else "" for one in drawn]
    by_value = max(map(width_of, values))
    if len(drawn) == 1:
        return Names(values, by_value)
    named = [f"{one.name} {value}".strip() for one, value in zip(drawn, values, strict=True)]
    ends = zip(named, _end_last(drawn), strict=True)
    wide = max((width_of(text) for text, is_last in ends if is_last), default=0.0)
    if right_of(wide) >= RIGHT_AT_LEAST and _fit_before_breaks(room_beside(wide), drawn, breaks):
        return Names(named, wide)
    return Names(values, by_value, _keys(drawn, number))


def right_of(wide: float) -> float:
    """Give how far lines may go to leave room for words of that width."""
    return WIDTH - wide - BESIDE


def end_labels(room: Room, drawn: Sequence[Drawn], names: Names) -> list[Text]:
    """
    Write name and last value right of the lines, none over another.

    A line that ends earlier is named at its beginning, as its end may lie amid the other lines;
    the key above the picture names it just as well.
    """
    lines = list(zip(drawn, names.ends, _end_last(drawn), strict=True))
    heights = iter(
        spread(
            [room.values.at(one.last[1]) + 5 for one, text, is_last in lines if is_last and text],
            apart=APART,
            low=room.top,
            high=room.bottom,
        )
    )
    labels = []
    for one, text, is_last in lines:
        if not text or (names.keys and not is_last):
            labels.append(Text("0", "0", "", anchor="start"))
        elif is_last:
            labels.append(Text(short(room.right + 10), short(next(heights)), text, anchor="start"))
        else:
            x = min(room.x(one.first[0]), WIDTH - width_of(one.name))
            y = _free_height(room, one, drawn, x + width_of(one.name))
            labels.append(Text(short(x), short(y), one.name, anchor="start"))
    return labels


def _end_last(drawn: Sequence[Drawn]) -> list[bool]:
    """Tell which lines go on to the last day of all."""
    latest = max(one.last[0] for one in drawn)
    return [one.last[0] == latest for one in drawn]


def _fit_before_breaks(room: Room, drawn: Sequence[Drawn], breaks: Sequence[Break]) -> bool:
    """Tell whether no name at the beginning of a line would run over a break's upright."""
    days = sorted({on for one in drawn for on, _value in one.known})
    return all(
        room.x(one.first[0]) + width_of(one.name) < room.x_between(days, ahead.on)
        for one, is_last in zip(drawn, _end_last(drawn), strict=True)
        if not is_last
        for ahead in breaks
        if ahead.on > one.first[0]
    )


def _keys(drawn: Sequence[Drawn], number: NumberFormat) -> tuple[Key, ...]:
    """Name the lines; of those that look alike each is told by its last value too."""
    keyed = [one for one in drawn if one.name]
    styles = [one.style for one in keyed]
    return tuple(
        Key(
            "0",
            short(ROW * place),
            f"{one.name} {number(one.last[1])}" if styles.count(one.style) > 1 else one.name,
            one.style,
        )
        for place, one in enumerate(keyed)
    )


def _free_height(room: Room, named: Drawn, drawn: Sequence[Drawn], until: float) -> float:
    """Give the height of a name that crosses no line: below a line with others above it."""
    own = [room.values.at(value) for day, value in named.known if room.x(day) <= until]
    first = named.first[0]
    others = [
        room.values.at(value)
        for one in drawn
        if one is not named
        for day, value in one.known
        if day == first
    ]
    if others and min(others) < own[0]:
        return min(max(own) + 22, room.bottom - 4)
    return min(own) - 12
