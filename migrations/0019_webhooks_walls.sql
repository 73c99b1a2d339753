-- breaking: no
-- Endpoints, what they were told and their secrets are their business's alone.
CALL guard_rows('webhook_endpoints');
--> statement-breakpoint
CALL guard_rows('webhook_messages', 'endpoint_id IN (SELECT id FROM webhook_endpoints)');
--> statement-breakpoint
CALL guard_rows('webhook_attempts', 'message_id IN (SELECT id FROM webhook_messages)');
