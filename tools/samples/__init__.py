"""Makes the invoices, credit notes and bank files of the demonstration: invented, but valid."""
