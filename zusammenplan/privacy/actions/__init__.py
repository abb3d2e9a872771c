"""What lets data of people go: when a period is over, or when somebody asks for it."""
