-- breaking: no
-- The second wall before what sellers draft, ask for and trace.
CALL guard_rows('product_drafts');
--> statement-breakpoint
CALL guard_rows('next_prices', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('change_sets');
--> statement-breakpoint
CALL guard_rows('change_items', 'set_id IN (SELECT id FROM change_sets)');
--> statement-breakpoint
CALL guard_rows('batches', 'product_id IN (SELECT id FROM products)');
--> statement-breakpoint
-- An authority's request is told to the business by a notice; the register of requests is the staff's.
CALL guard_rows('takedowns', NULL);
--> statement-breakpoint
-- What a seller asked for and what was decided stays: the law wants posted data kept for a year and more.
REVOKE DELETE ON change_sets, batches, takedowns FROM cho_noi_app, cho_noi_seller;
