"""Data protection (Datenschutz): how long what is kept of people stays, what is known of one."""
