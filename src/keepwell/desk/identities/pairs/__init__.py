"""同一人核对: are these two customer records one client?"""
