-- breaking: no
CREATE TABLE "account_balances" (
	"account" text NOT NULL,
	"business_id" uuid,
	"balance_vnd" bigint NOT NULL,
	"entry_count" bigint NOT NULL,
	CONSTRAINT "account_balances_one" UNIQUE NULLS NOT DISTINCT("account","business_id")
);
--> statement-breakpoint
CREATE TABLE "journal_links" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"journal_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_balances" ADD CONSTRAINT "account_balances_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_links" ADD CONSTRAINT "journal_links_journal_id_journals_id_fk" FOREIGN KEY ("journal_id") REFERENCES "public"."journals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "journal_links_journal" ON "journal_links" USING btree ("journal_id");