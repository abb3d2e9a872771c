"""A fictional county to try everything with: Landkreis Rennsteiggrund."""
