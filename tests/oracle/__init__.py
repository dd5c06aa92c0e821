"""What the official stylesheets say of an e-invoice, to hold our own rules against."""
