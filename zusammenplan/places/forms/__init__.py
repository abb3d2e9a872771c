"""What people type and choose about areas."""
