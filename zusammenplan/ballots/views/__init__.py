"""The pages of a prioritisation: in the workspace, and in the room."""
