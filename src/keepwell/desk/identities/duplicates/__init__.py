"""查重: is this person on file somewhere, and at which branch?"""
