"""What the races run on."""
