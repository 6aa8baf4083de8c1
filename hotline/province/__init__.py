"""The province: what its cities tell is kept and set side by side, and a matter goes from one to another through it."""
