-- breaking: no
-- A seller's transaction sees the saves of the seller's own businesses.
CALL guard_rows('table_edits');
