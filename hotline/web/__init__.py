"""The pages: server-rendered, one file per desk."""
