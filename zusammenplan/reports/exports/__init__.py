"""The formats of a round's paper: Word, PDF, Excel and CSV."""
