"""What a teacher sees first, and what they have to show: My study and My record."""
