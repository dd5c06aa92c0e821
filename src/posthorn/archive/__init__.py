"""What came in: files, documents, their reading, assignment and release."""
