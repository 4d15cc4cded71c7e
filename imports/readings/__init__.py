"""What the portal concludes from printed words: dates, countries, groups, languages, addresses.

A reading stands beside what was printed, never in its place, and says no more than was printed.
"""
