"""What risk can the client bear, and does the product fit?

Reads: clients, their features, assessments and answers, evidence of professional investors, refusals, institutions'
own limits, products with their levels and factors, the signed questionnaires.
Writes: suitability of clients, flags, room in institutions' limits, notices owed, the self-check, products' levels.
Looked at by managers before anything is offered, by compliance, and by whoever asks ``keepwell.match``.
"""
