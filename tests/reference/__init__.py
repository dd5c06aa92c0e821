"""What the pages of the product that is followed call things, and where each is found here."""
