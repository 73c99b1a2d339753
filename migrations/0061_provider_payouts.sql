-- breaking: no
CREATE TABLE "provider_settled_lines" (
	"provider" text NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"settlement_id" uuid NOT NULL,
	CONSTRAINT "provider_settled_lines_provider_kind_reference_pk" PRIMARY KEY("provider","kind","reference")
);
--> statement-breakpoint
ALTER TABLE "bank_transfers" DROP CONSTRAINT "bank_transfers_state";--> statement-breakpoint
DROP INDEX "provider_settlements_reference";--> statement-breakpoint
ALTER TABLE "provider_settlements" ADD COLUMN "transfer_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_settlements" ADD COLUMN "digest" text NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_settled_lines" ADD CONSTRAINT "provider_settled_lines_settlement_id_provider_settlements_id_fk" FOREIGN KEY ("settlement_id") REFERENCES "public"."provider_settlements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_settled_lines_settlement" ON "provider_settled_lines" USING btree ("settlement_id");--> statement-breakpoint
ALTER TABLE "provider_settlements" ADD CONSTRAINT "provider_settlements_transfer_id_bank_transfers_id_fk" FOREIGN KEY ("transfer_id") REFERENCES "public"."bank_transfers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_settlements_transfer" ON "provider_settlements" USING btree ("transfer_id");--> statement-breakpoint
CREATE INDEX "provider_settlements_reference" ON "provider_settlements" USING btree ("provider","reference");--> statement-breakpoint
ALTER TABLE "bank_transfers" ADD CONSTRAINT "bank_transfers_state" CHECK ("bank_transfers"."state" in ('exact', 'short', 'completing', 'over', 'late', 'late-refund', 'duplicate', 'split', 'unmatched', 'given-back', 'provider-payout', 'foreign-account', 'reversed', 'reversal', 'refund', 'outgoing'));--> statement-breakpoint
ALTER TABLE "provider_settlement_lines" ADD CONSTRAINT "provider_settlement_lines_kind" CHECK ("provider_settlement_lines"."kind" in ('charge', 'refund', 'dispute', 'dispute-won', 'fee'));--> statement-breakpoint
ALTER TABLE "provider_settlements" ADD CONSTRAINT "provider_settlements_provider" CHECK ("provider_settlements"."provider" in ('stripe', 'vnpay'));