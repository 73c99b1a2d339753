-- breaking: no
CREATE TABLE "bank_statements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"file_name" text NOT NULL,
	"imported_by" text NOT NULL,
	"imported_at" timestamp (3) with time zone NOT NULL,
	"from_day" text NOT NULL,
	"to_day" text NOT NULL,
	"line_count" integer NOT NULL,
	"new_count" integer NOT NULL,
	"known_count" integer NOT NULL,
	"missing" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "money_proposals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"transfer_id" uuid,
	"refund_id" uuid,
	"dispute_id" uuid,
	"detail" jsonb NOT NULL,
	"number_sealed" text,
	"reason" text NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"outcome" text,
	CONSTRAINT "money_proposals_subject" CHECK (num_nonnulls("money_proposals"."transfer_id", "money_proposals"."refund_id", "money_proposals"."dispute_id") = 1),
	CONSTRAINT "money_proposals_four_eyes" CHECK ("money_proposals"."outcome" is distinct from 'approved' or "money_proposals"."decided_by" <> "money_proposals"."proposed_by"),
	CONSTRAINT "money_proposals_decided" CHECK (("money_proposals"."outcome" is null) = ("money_proposals"."decided_by" is null))
);
--> statement-breakpoint
CREATE TABLE "provider_health" (
	"provider" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"open_until" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transfer_sightings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"transfer_id" uuid NOT NULL,
	"provider" text NOT NULL,
	"provider_tx_id" text NOT NULL,
	"raw" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bank_transfers" DROP CONSTRAINT "bank_transfers_state";--> statement-breakpoint
ALTER TABLE "refunds" ALTER COLUMN "payment_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD COLUMN "direction" text DEFAULT 'in' NOT NULL;--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD COLUMN "payer" jsonb;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "transfer_id" uuid;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "to_bank_bin" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "to_number_sealed" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "to_number_last4" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "to_name" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "approved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "money_proposals" ADD CONSTRAINT "money_proposals_transfer_id_bank_transfers_id_fk" FOREIGN KEY ("transfer_id") REFERENCES "public"."bank_transfers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "money_proposals" ADD CONSTRAINT "money_proposals_refund_id_refunds_id_fk" FOREIGN KEY ("refund_id") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "money_proposals" ADD CONSTRAINT "money_proposals_dispute_id_disputes_id_fk" FOREIGN KEY ("dispute_id") REFERENCES "public"."disputes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfer_sightings" ADD CONSTRAINT "transfer_sightings_transfer_id_bank_transfers_id_fk" FOREIGN KEY ("transfer_id") REFERENCES "public"."bank_transfers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bank_statements_digest" ON "bank_statements" USING btree ("digest");--> statement-breakpoint
CREATE UNIQUE INDEX "money_proposals_open" ON "money_proposals" USING btree (coalesce("transfer_id", "refund_id", "dispute_id")) WHERE "money_proposals"."outcome" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "transfer_sightings_provider" ON "transfer_sightings" USING btree ("provider","provider_tx_id");--> statement-breakpoint
CREATE INDEX "transfer_sightings_transfer" ON "transfer_sightings" USING btree ("transfer_id");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_transfer_id_bank_transfers_id_fk" FOREIGN KEY ("transfer_id") REFERENCES "public"."bank_transfers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bank_transfers_reference" ON "bank_transfers" USING btree ("bank_reference") WHERE "bank_transfers"."bank_reference" <> '';--> statement-breakpoint
CREATE INDEX "bank_transfers_amount" ON "bank_transfers" USING btree ("amount_vnd");--> statement-breakpoint
CREATE INDEX "bank_transfers_received" ON "bank_transfers" USING btree ("received_at");--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD CONSTRAINT "bank_transfers_state" CHECK ("bank_transfers"."state" in ('exact', 'short', 'completing', 'over', 'late', 'late-refund', 'duplicate', 'split', 'unmatched', 'given-back', 'foreign-account', 'reversed', 'reversal', 'refund', 'outgoing'));--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_has_source" CHECK ("refunds"."payment_id" is not null or "refunds"."transfer_id" is not null);