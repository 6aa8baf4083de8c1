"""What is printed from the code: the documents, and the sentences that catalogues translate."""
