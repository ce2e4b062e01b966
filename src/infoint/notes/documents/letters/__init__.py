"""What each letter says between greeting and closing. Which letter a follow-up asks for is `infoint.notes.documents.letter`'s affair."""
