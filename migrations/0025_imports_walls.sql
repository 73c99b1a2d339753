-- breaking: no
-- A seller's transaction sees the sheets of the seller's own businesses.
CALL guard_rows('imports');
--> statement-breakpoint
CALL guard_rows('import_rows', 'import_id IN (SELECT id FROM imports)');
--> statement-breakpoint
CALL guard_rows('import_mappings');
