"""The pages: server-rendered, one package per desk over one core."""
