"""The rules of areas, plain Python: the tree, official keys, territory."""
