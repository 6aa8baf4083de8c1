"""What a file tells of who made it: authors of documents and tags of recordings, taken out before a file is stored."""

from hotline.tickets.privacy.traces.documents import rtf_without_author, without_author
from hotline.tickets.privacy.traces.packed import Untold
from hotline.tickets.privacy.traces.sounds import without_tags

__all__ = ["Untold", "rtf_without_author", "without_author", "without_tags"]
