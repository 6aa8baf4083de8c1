"""What a file tells of who made it: authors of documents and tags of recordings, taken out before a file is stored."""

from hotline.tickets.privacy.traces.documents import pdf_without_author, without_author
from hotline.tickets.privacy.traces.packed import Untold
from hotline.tickets.privacy.traces.rtf import rtf_without_author
from hotline.tickets.privacy.traces.sounds import without_tags

__all__ = ["Untold", "pdf_without_author", "rtf_without_author", "without_author", "without_tags"]
