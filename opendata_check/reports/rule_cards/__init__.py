"""How the rules of the law are listed, told and compared."""
