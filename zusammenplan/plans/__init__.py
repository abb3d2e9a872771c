"""Plans (Pläne): what the municipality wants, in fields of action and measures."""
