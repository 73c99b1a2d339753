-- breaking: no
-- What is in a box never changes: whoever bought one can look up what was in it.
REVOKE UPDATE, DELETE ON bundle_items FROM cho_noi_app;
--> statement-breakpoint
REVOKE DELETE ON bundles FROM cho_noi_app;
