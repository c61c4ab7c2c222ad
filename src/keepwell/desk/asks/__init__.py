"""What would be if? The desk reckons nothing: it asks the engine's host and shows what that answers.

Reads the answers in the folder of asks. Writes asks into it, and a row for each with who asked. Looked at by those who
asked, on the pages of the rooms that ask.
"""
