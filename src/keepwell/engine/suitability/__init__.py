"""What risk can the client bear, and does the product fit?

Reads: clients, their features, assessments and answers, products and their levels, the signed questionnaires.
Writes: suitability of clients, flags, levels of products that count.
Looked at by managers before anything is offered, by compliance, and by whoever asks ``keepwell.match``.
"""
