"""App Home, and its parts that commands show too: what needs me, what I hold, what is open."""
