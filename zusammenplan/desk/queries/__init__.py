"""What the workspace's start page and its search show."""
