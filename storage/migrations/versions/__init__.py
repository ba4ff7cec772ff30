"""The revisions, by date and topic. A revision that has been released is never changed."""
