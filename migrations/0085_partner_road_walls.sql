-- breaking: no
-- Sellers have no business with how exchanges come in; results of the kit and revoked keys are written once.
CALL guard_rows('partner_invitations', NULL);
--> statement-breakpoint
CALL guard_rows('partner_revoked_keys', NULL);
--> statement-breakpoint
CALL guard_rows('partner_conformance', NULL);
--> statement-breakpoint
CALL guard_rows('partner_reviews', NULL);
--> statement-breakpoint
CALL guard_rows('partner_review_items', NULL);
--> statement-breakpoint
CALL guard_rows('partner_promotions', NULL);
--> statement-breakpoint
REVOKE UPDATE, DELETE ON partner_revoked_keys, partner_conformance FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER partner_revoked_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON partner_revoked_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER partner_conformance_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON partner_conformance FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
