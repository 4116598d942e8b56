"""Floor 3, announcements: facts for people, told once and in order."""
