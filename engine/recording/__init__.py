"""The recorder: the only room with torch. It is started as a process, never imported by another room."""
