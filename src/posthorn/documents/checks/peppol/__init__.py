"""The rules of Peppol BIS Billing 3.0, general and national; importing a module adds its rules."""
