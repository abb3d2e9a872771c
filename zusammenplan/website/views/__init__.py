"""The public pages. They only read; a page with a form is not cached."""
