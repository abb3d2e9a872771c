"""Commands of plans: thin, each calls one action or export."""
