"""Calendar files that others wrote, read into plain values, and when what they hold takes place. What infoint makes of it (busy times,
replies) is outside; so is all writing.
"""
