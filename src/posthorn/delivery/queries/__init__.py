"""What faces read of documents on their way; every function runs inside an open scope."""
