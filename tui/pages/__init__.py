"""Pages: what a person sees of each answer; every page paints one document on a canvas."""
