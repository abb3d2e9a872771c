"""
Official keys: AGS of 8 and ARS of 12 digits, and the shorter ones of the areas above.

AGS: two digits for the Land, one for the district of government, two for the county, three for the
municipality. ARS: the same with four digits for the association before the municipality's. They are
texts, for their zeros matter. Source: Gemeindeverzeichnis of the Statistisches Bundesamt.
"""

from __future__ import annotations

import re

AGS = r"^(DG|\d{2}|\d{3}|\d{5}|\d{8})$"
ARS = r"^(\d{2}|\d{3}|\d{5}|\d{9}|\d{12})$"
COUNTRY = "DG"
# Thuringia's counties and cities; Eisenach 16056 until 30.06.2021.
THURINGIAN = re.compile(r"16(05[1-6]|06[1-9]|07[0-7])(\d{3})?")

# Germany has sixteen Länder.
_LAND = re.compile(r"DG|(?:0[1-9]|1[0-6])")

# Cities that belong to no county: the digits that each Land keeps for them, today as before.
_CITY = re.compile(
    r"0100\d|02000|03[14]0\d|040\d\d|05\d[12]\d|06\d1\d|07\d(?:1\d|20)|08\d\d[12]|09\d6\d"
    r"|11000|1205\d|1300\d|14\d[16]\d|15\d0\d|1605\d"
)

_KIND_OF_LENGTH = {2: "land", 3: "region", 5: "county", 8: "municipality"}


def ags_of(ars: str) -> str:
    """
    Give the AGS of a regional key of 12 digits; shorter keys are the same in both.

    :raises ValueError: if it is no regional key
    """
    if not re.match(ARS, ars) or len(ars) == 9:  # noqa: PLR2004 - associations have no AGS
        raise ValueError(ars)
    return ars if len(ars) < 12 else ars[:5] + ars[9:]  # noqa: PLR2004 - the digits of a municipality


def may_exist(key: str) -> bool:
    """Tell whether the Land of the key exists, and within Thuringia its county."""
    if key.startswith("16") and len(key) >= 5:  # noqa: PLR2004 - the digits of a county
        return THURINGIAN.match(key) is not None
    return _LAND.match(key) is not None


def is_city(ags: str) -> bool:
    """Tell whether the key is that of a city which belongs to no county."""
    return _CITY.fullmatch(ags) is not None


def parent_key(ags: str) -> str:
    """Give the key of the official area above: county, Land, country; "" above the country."""
    if len(ags) == 8:  # noqa: PLR2004 - the digits of a municipality
        return ags[:5]
    if len(ags) in {3, 5}:
        return ags[:2]
    return COUNTRY if len(ags) == 2 and ags != COUNTRY else ""  # noqa: PLR2004 - a Land


def kind_of_key(ags: str) -> str:
    """
    Give the kind of area that the key belongs to.

    :raises ValueError: if it is no official key
    """
    if not re.match(AGS, ags):
        raise ValueError(ags)
    return "country" if ags == COUNTRY else _KIND_OF_LENGTH[len(ags)]
