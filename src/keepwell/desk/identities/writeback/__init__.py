"""回写: do the firm's other systems know what was found out, and what did they answer?"""
