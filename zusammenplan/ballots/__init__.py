"""What comes first: groups mark a plan's measures, and a rule makes degrees (Priorisierung)."""
