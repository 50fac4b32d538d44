"""What archives list, without unpacking them."""
