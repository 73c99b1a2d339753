-- breaking: no
-- The log of acts is written once and read for ever, by grant and, for the owner too, by trigger.
REVOKE UPDATE, DELETE ON audit_entries FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
