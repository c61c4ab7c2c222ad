"""Who goes to whom under ranged limits on several resources: the price method, with a proof of how good the plan is.

Maximise the sum of scores, every client to exactly one of its candidates; of each resource a manager uses between a
lower and an upper limit; at most so many clients change hands. A generalized assignment problem with ranged rows.

Doors: ``problem`` (what is asked) > ``plan`` (the answer, in the order of its steps) > ``prices`` (the smoothed dual) >
``work`` (the edges that matter) > ``repair``, ``chains``, ``seeking``, ``exhaustive`` (a plan in whole clients) ; apart
from them all ``proof`` (checks a plan by itself) and ``guilt`` (why there is none).

Sources: Geoffrion 1974 (any prices bound the value); Nesterov 2005 (smoothing); Basu et al. 2020, DuaLip (a price a
row, softmax at falling temperature); Martello and Toth 1990 (regret, shifts and swaps); Yagiura, Ibaraki and Glover
2004 and 2006 (ejection chains and adaptive weights for broken limits).
"""
