"""The tags of the settings."""
