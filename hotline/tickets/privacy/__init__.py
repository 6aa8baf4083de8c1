"""Who may see what: visibility, masks lifted with a reason, attachments, what may enter the story, and the audit log."""
