"""The voter's pages: the personal link, the ballot, the check before handing in, proposals."""
