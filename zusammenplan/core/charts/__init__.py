"""
Charts drawn on the server: geometry in plain Python, one SVG template a kind.

``line``, ``bars``, ``pyramid`` and ``choropleth`` take numbers and give dataclasses whose
coordinates are finished text. ``drawing`` writes them as SVG, for a page (colours come from the
sheet) or as a file (colours stand in the drawing). What a chart means is the caller's business.
"""
