"""The workspace's start page (Übersicht): what waits, what is open, what happened last."""
