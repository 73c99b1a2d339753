-- breaking: no
CREATE TABLE "table_edits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"edit_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"entries" jsonb NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "stock" ADD COLUMN "low_at" integer;--> statement-breakpoint
ALTER TABLE "stock" ADD COLUMN "low_told_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "table_edits" ADD CONSTRAINT "table_edits_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "table_edits_edit" ON "table_edits" USING btree ("edit_id");--> statement-breakpoint
CREATE INDEX "table_edits_saved" ON "table_edits" USING btree ("saved_at");--> statement-breakpoint
CREATE INDEX "stock_low" ON "stock" USING btree ("variant_id") WHERE "stock"."low_at" is not null;