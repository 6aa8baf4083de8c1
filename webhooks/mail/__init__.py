"""Letters by e-mail: what a mailbox holds, and what a letter says, whatever program wrote it."""
