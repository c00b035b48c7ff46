"""Teaching: labels become a draft, Try trains and measures it, Go live and Undo swap it."""
