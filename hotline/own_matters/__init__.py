"""All matters of one citizen, opened by the own telephone: a texted code proves the number, and nothing tells whether we know it."""
