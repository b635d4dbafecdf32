"""History: facts by resource, who belongs to whom, and the timelines that follow."""
