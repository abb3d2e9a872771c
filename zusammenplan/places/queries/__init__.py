"""Areas as pages and upper apps read them: the tree, found by key or name, territory, maps."""
