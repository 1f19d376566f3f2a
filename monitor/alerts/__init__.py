"""Who hears of what: the decision for each hit, routes, silences, quiet hours, storms and digests. All of it pure."""
