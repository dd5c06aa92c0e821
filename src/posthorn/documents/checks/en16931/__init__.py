"""The rules of EN 16931 for UBL, one module for each family; importing one adds its rules."""
