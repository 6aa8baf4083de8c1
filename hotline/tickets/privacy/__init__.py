"""Who may see what: visibility, masks lifted with a reason, attachments, the audit log, and forgetting."""
