"""What people type into a prioritisation: its preparation, and in the room."""
