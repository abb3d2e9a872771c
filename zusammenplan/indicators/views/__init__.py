"""The pages of data in the workspace."""
