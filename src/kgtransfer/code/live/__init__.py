"""The index of a code base that changes: kept up edit by edit, equal to one made from nothing."""
