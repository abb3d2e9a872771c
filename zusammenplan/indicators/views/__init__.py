"""Pages of data in the workspace."""
