-- breaking: no
ALTER TABLE "exchange_leg_refunds" DROP CONSTRAINT "exchange_leg_refunds_status";--> statement-breakpoint
ALTER TABLE "exchange_legs" DROP CONSTRAINT "exchange_legs_state";--> statement-breakpoint
ALTER TABLE "refunds" DROP CONSTRAINT "refunds_has_source";--> statement-breakpoint
ALTER TABLE "disputes" ALTER COLUMN "payment_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "exchange_leg_refunds" ADD COLUMN "spare" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD COLUMN "method" text DEFAULT 'stripe' NOT NULL;--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD COLUMN "received_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD COLUMN "leg_id" text;--> statement-breakpoint
ALTER TABLE "disputes" ADD COLUMN "leg_id" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "leg_id" text;--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD CONSTRAINT "bank_transfers_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_leg_id_exchange_legs_id_fk" FOREIGN KEY ("leg_id") REFERENCES "public"."exchange_legs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_leg_refunds" ADD CONSTRAINT "exchange_leg_refunds_status" CHECK ("exchange_leg_refunds"."status" in ('queued', 'sent', 'confirmed', 'failed', 'by-hand'));--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD CONSTRAINT "exchange_legs_method" CHECK ("exchange_legs"."method" in ('stripe', 'vietqr') and "exchange_legs"."received_vnd" >= 0);--> statement-breakpoint
ALTER TABLE "exchange_legs" ADD CONSTRAINT "exchange_legs_state" CHECK ("exchange_legs"."state" in ('draft', 'quoted', 'price-changed', 'authorising', 'authorised', 'reserving', 'reserved', 'awaiting-transfer', 'capturing', 'captured', 'confirming', 'confirmed', 'fulfilling', 'done', 'resolving', 'voiding', 'cancelling', 'refunding', 'lapsed', 'void', 'refunded', 'refund-owed'));--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_subject" CHECK (num_nonnulls("disputes"."payment_id", "disputes"."leg_id") = 1);--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_has_source" CHECK (num_nonnulls("refunds"."payment_id", "refunds"."transfer_id", "refunds"."leg_id") > 0);