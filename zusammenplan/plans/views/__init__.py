"""The pages of plans, their fields of action and measures."""
