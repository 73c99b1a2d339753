-- breaking: no
-- Sellers have no business with recalls: officers read them, jobs send them.
CALL guard_rows('federation_recalls', NULL);
--> statement-breakpoint
CALL guard_rows('federation_recall_sends', NULL);
