"""Who goes to whom under ranged limits on several resources: the price method, with a proof of how good the plan is.

Maximise the sum of scores, every client to exactly one of its candidates; of each resource a manager uses between a
lower and an upper limit; at most so many clients change hands. A generalized assignment problem with ranged rows.

Doors: ``problem`` (what is asked) > ``plan`` (the answer) > ``setting`` (the question in its own order) > ``levels``
and ``prices`` (the smoothed dual, from few clients to all) > ``work`` (the edges that matter) > ``whole`` (a plan in
whole clients, by ``repair``, ``mending``, ``exchange``, ``seeking``, ``chains`` and ``exhaustive``) ; apart from them
all ``proof`` (checks a plan by itself), ``survey``, ``guilt`` and ``contradiction`` (why there is none).

Sources: Geoffrion 1974 (any prices bound the value); Nesterov 2005 (smoothing); Basu et al. 2020, DuaLip (a price a
row, softmax at falling temperature); Martello and Toth 1990 (regret, shifts and swaps); Yagiura, Ibaraki and Glover
2004 and 2006 (ejection chains and adaptive weights for broken limits); Thompson and Psaraftis 1993 (cyclic transfers).
"""
