"""How text is laid out on a screen: French typography, lines that fit."""
