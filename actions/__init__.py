"""Custom actions (rasa-sdk), one file each."""
