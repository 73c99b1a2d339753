-- breaking: no
CREATE TABLE "bundle_items" (
	"bundle_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"position" smallint NOT NULL,
	CONSTRAINT "bundle_items_bundle_id_variant_id_pk" PRIMARY KEY("bundle_id","variant_id"),
	CONSTRAINT "bundle_items_quantity" CHECK ("bundle_items"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "bundles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name_vi" text NOT NULL,
	"name_en" text NOT NULL,
	"description_vi" text NOT NULL,
	"price_vnd" bigint NOT NULL,
	"status" text NOT NULL,
	"created_by" text DEFAULT coalesce(current_setting('app.actor', true), 'unknown') NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bundles_price" CHECK ("bundles"."price_vnd" >= 1000)
);
--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "bundle_id" uuid;--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "bundle_name" text;--> statement-breakpoint
ALTER TABLE "order_groups" ADD COLUMN "bundle_quantity" integer;--> statement-breakpoint
ALTER TABLE "bundle_items" ADD CONSTRAINT "bundle_items_bundle_id_bundles_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."bundles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle_items" ADD CONSTRAINT "bundle_items_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bundles_slug" ON "bundles" USING btree ("slug");--> statement-breakpoint
ALTER TABLE "order_groups" ADD CONSTRAINT "order_groups_bundle_id_bundles_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."bundles"("id") ON DELETE no action ON UPDATE no action;