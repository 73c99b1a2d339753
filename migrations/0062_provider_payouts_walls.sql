-- breaking: no
-- Written once: which transactions a provider has passed on.
REVOKE UPDATE, DELETE ON provider_settled_lines FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER provider_settled_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON provider_settled_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CALL guard_rows('provider_settled_lines', NULL);
