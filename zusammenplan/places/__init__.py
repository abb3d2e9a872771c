"""Where: the county, its planning areas (Planungsräume), municipalities and districts."""
