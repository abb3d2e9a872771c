"""What only a browser can tell: whole journeys, accessibility, the policy of each answer."""
