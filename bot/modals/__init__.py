"""The modals, one file each: its view, its parsing, its submission, and the ids that only it knows."""
