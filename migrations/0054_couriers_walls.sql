-- breaking: no
CALL guard_rows('courier_bookings');
--> statement-breakpoint
-- Nothing of these is a seller's.
CALL guard_rows('courier_messages', NULL);
--> statement-breakpoint
REVOKE UPDATE, DELETE ON courier_messages FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER courier_messages_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON courier_messages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
