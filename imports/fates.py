"""What may become of a block, and how sure a reading is: the words that reading writes and the
database keeps. Plain, since what reads a file knows nothing of Django."""

PROPOSAL, PART, INTRODUCTION = "proposal", "part", "introduction"
ABSENCE, FURNITURE, LEFT_OVER = "absence", "furniture", "left over"
CERTAIN, PROBABLE = "certain", "probable"
