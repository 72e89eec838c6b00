"""Weather: answer questions from a weather archive, by tools."""
