"""The pages of areas, beside the settings."""
