"""What a browser test looks for; apart from the rows, which need Django."""

from __future__ import annotations

ADMINISTRATOR = "an@kantoor.example"
CLIENT_PERSON = "bakker@janssens.example"
HELD_NUMBER = "2026-117"

# The people of the firm with a worker and mailboxes; the first signs in with a code as well.
CAREFUL = "careful@lindekade.example"
CAREFUL_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # of nobody
OWNER = "owner@lindekade.example"
MANAGER = "manager@lindekade.example"
ACCOUNTANT = "accountant@lindekade.example"
NEWCOMER = "newcomer@lindekade.example"
PRINTER = "printer@delinde.example"

# Its clients by dossier number.
GARAGE = "2026-0103"  # its people end the link
LINDE = "2026-0101"  # what it has goes as in the demonstration, and to the accountant
UNDECIDED = "2026-0105"  # what it has waits for a decision

# What invoices for two of them are addressed with, and where they go.
LINDE_VAT = "BE0999250745"
LINDE_PURCHASES = "purchases.b0999250745@import.example"
GARAGE_VAT = "BE0999278162"
GARAGE_PURCHASES = "uid48213-PI@docin.example"
