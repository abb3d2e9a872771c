"""What the typesetter works with: the template and the process that sets it."""
