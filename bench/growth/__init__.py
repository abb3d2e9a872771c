"""Every page on data of 1, 10 and 100 counties, side by side."""
