"""Why-codes with bilingual sentences. The engine emits codes and numbers, never prose; the desk and
``keepwell explain`` make the sentence from the row that carries the code.
"""
