"""Right and wrong texts with the articles they speak of, for measuring verification."""
