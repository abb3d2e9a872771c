"""Who takes part: users, organisations, roles, personal invitations."""
