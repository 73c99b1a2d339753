-- breaking: no
CREATE TABLE "batches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"product_id" uuid NOT NULL,
	"lot" text NOT NULL,
	"harvested_on" date,
	"packed_on" date,
	"expires_on" date,
	"quantity_note" text DEFAULT '' NOT NULL,
	"report_number" text DEFAULT '' NOT NULL,
	"report_file_id" uuid,
	"recalled_at" timestamp (3) with time zone,
	"recall_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "batches_recall" CHECK (("batches"."recalled_at" is null) = ("batches"."recall_reason" is null))
);
--> statement-breakpoint
CREATE TABLE "change_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"set_id" uuid NOT NULL,
	"field" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"risk" text NOT NULL,
	"flags" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "change_items_risk" CHECK ("change_items"."risk" in ('low', 'high'))
);
--> statement-breakpoint
CREATE TABLE "change_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"business_id" uuid NOT NULL,
	"product_name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"automatic" boolean DEFAULT false NOT NULL,
	"flag_count" integer DEFAULT 0 NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"proposed_by" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"reason" text,
	"reason_text" text,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "change_sets_kind" CHECK ("change_sets"."kind" in ('listing', 'edit')),
	CONSTRAINT "change_sets_status" CHECK ("change_sets"."status" in ('proposed', 'approved', 'changes-requested', 'rejected', 'withdrawn')),
	CONSTRAINT "change_sets_decided" CHECK (("change_sets"."decided_at" is null) = ("change_sets"."status" = 'proposed')),
	CONSTRAINT "change_sets_reason" CHECK ("change_sets"."reason" in ('unclear-picture', 'wrong-category', 'medical-claim', 'contact-in-text', 'label-incomplete', 'price-unusual', 'name-misleading', 'not-own-product', 'prohibited-goods', 'other'))
);
--> statement-breakpoint
CREATE TABLE "next_prices" (
	"variant_id" uuid PRIMARY KEY NOT NULL,
	"price_vnd" bigint NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"set_at" timestamp (3) with time zone NOT NULL,
	"set_by" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	CONSTRAINT "next_prices_positive" CHECK ("next_prices"."price_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "product_drafts" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"fields" jsonb NOT NULL,
	"typed" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "takedowns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"request_number" text NOT NULL,
	"authority" text NOT NULL,
	"reason" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"state_before" text,
	"down_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"decision" text,
	"recorded_by" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "takedowns_status" CHECK ("takedowns"."status" in ('open', 'down', 'restored', 'declined'))
);
--> statement-breakpoint
ALTER TABLE "products" DROP CONSTRAINT "products_status";--> statement-breakpoint
DROP INDEX "products_own_sku";--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "age_confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_report_file_id_stored_files_id_fk" FOREIGN KEY ("report_file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_items" ADD CONSTRAINT "change_items_set_id_change_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."change_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_sets" ADD CONSTRAINT "change_sets_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "next_prices" ADD CONSTRAINT "next_prices_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_drafts" ADD CONSTRAINT "product_drafts_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "takedowns" ADD CONSTRAINT "takedowns_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "batches_code" ON "batches" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "batches_lot" ON "batches" USING btree ("product_id","lot");--> statement-breakpoint
CREATE INDEX "batches_product" ON "batches" USING btree ("product_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "change_items_field" ON "change_items" USING btree ("set_id","field");--> statement-breakpoint
CREATE UNIQUE INDEX "change_sets_open" ON "change_sets" USING btree ("product_id") WHERE "change_sets"."status" in ('proposed', 'changes-requested');--> statement-breakpoint
CREATE INDEX "change_sets_product" ON "change_sets" USING btree ("product_id","proposed_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "change_sets_business" ON "change_sets" USING btree ("business_id","proposed_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "next_prices_due" ON "next_prices" USING btree ("valid_from");--> statement-breakpoint
CREATE INDEX "product_drafts_business" ON "product_drafts" USING btree ("business_id","updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "takedowns_open" ON "takedowns" USING btree ("product_id") WHERE "takedowns"."status" in ('open', 'down');--> statement-breakpoint
CREATE INDEX "takedowns_recorded" ON "takedowns" USING btree ("recorded_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "products_own_sku" ON "products" USING btree ("business_id","sku") WHERE "products"."partner_key" is null;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_status" CHECK ("products"."status" in ('draft', 'listed', 'withdrawn', 'taken-down'));