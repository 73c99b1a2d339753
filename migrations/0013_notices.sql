-- breaking: no
CREATE TABLE "notice_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"notice_id" uuid NOT NULL,
	"account_id" uuid,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"language" text NOT NULL,
	"state" text NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"provider_reference" text,
	"sent_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "notice_deliveries_channel" CHECK ("notice_deliveries"."channel" in ('in-app', 'email', 'sms', 'zalo')),
	CONSTRAINT "notice_deliveries_state" CHECK ("notice_deliveries"."state" in ('queued', 'sent', 'failed')),
	CONSTRAINT "notice_deliveries_sent" CHECK (("notice_deliveries"."state" = 'sent') = ("notice_deliveries"."sent_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "notice_settings" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"language" text NOT NULL,
	"channels" text[] NOT NULL,
	"quiet_from" smallint NOT NULL,
	"quiet_until" smallint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "content_sealed" text;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "spread_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "notice_deliveries_once" ON "notice_deliveries" USING btree ("notice_id","channel","address","account_id");--> statement-breakpoint
CREATE INDEX "notice_deliveries_inbox" ON "notice_deliveries" USING btree ("account_id","id") WHERE "notice_deliveries"."channel" = 'in-app';--> statement-breakpoint
CREATE INDEX "notice_deliveries_state" ON "notice_deliveries" USING btree ("state","id");