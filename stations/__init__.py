"""What people see: one folder per station, and the page they share."""
