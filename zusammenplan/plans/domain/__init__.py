"""The trade rules of plans. Plain Python: no Django, no database."""
