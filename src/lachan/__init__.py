"""Lá Chắn: an open epidemic-response platform."""
