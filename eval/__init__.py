"""Cases, and programs that measure."""
