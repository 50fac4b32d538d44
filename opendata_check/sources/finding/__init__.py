"""How a bare address is told to be one kind of portal: the kinds there are, what each is asked, what is remembered."""
