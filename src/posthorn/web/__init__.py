"""The site: sign-in, lists and pages."""
