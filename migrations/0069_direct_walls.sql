-- breaking: no
REVOKE UPDATE, DELETE ON direct_modes, direct_receipts FROM cho_noi_app;
--> statement-breakpoint
REVOKE DELETE ON direct_payments, direct_refunds FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER direct_modes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON direct_modes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER direct_receipts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON direct_receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CALL guard_rows('direct_modes');
--> statement-breakpoint
CALL guard_rows('direct_payments');
--> statement-breakpoint
CALL guard_rows('direct_receipts');
--> statement-breakpoint
CALL guard_rows('direct_refunds');
