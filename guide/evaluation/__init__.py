"""Held-out questions through the real agent: how good is the guide, in figures?"""
