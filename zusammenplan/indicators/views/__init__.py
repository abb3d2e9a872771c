"""Pages of the data in the workspace, by topic."""
