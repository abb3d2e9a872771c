"""Pages about people: the own account, and the settings of the workspace."""
