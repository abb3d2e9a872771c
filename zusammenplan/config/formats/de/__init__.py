"""How German is written on pages."""
