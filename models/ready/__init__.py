"""What is written beforehand: ready words and macros, a person's own and everybody's, and what each said before."""
