-- breaking: no
CREATE TABLE "delivery_terms" (
	"business_id" uuid PRIMARY KEY NOT NULL,
	"free_over_vnd" bigint,
	"pickup_point_id" uuid,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_terms_free" CHECK ("delivery_terms"."free_over_vnd" > 0)
);
--> statement-breakpoint
CREATE TABLE "pickup_points" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid,
	"name" text NOT NULL,
	"line" text NOT NULL,
	"ward_code" text NOT NULL,
	"ward" text NOT NULL,
	"hours" text NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_transit_limits" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"max_hours" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "product_transit_limits_hours" CHECK ("product_transit_limits"."max_hours" > 0)
);
--> statement-breakpoint
CREATE TABLE "shipping_zones" (
	"id" uuid PRIMARY KEY NOT NULL,
	"province_code" text NOT NULL,
	"ward_code" text,
	"zone" text NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "shipping_zones_zone" CHECK ("shipping_zones"."zone" in ('in-province', 'region', 'far'))
);
--> statement-breakpoint
CREATE TABLE "transit_limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"storage" text NOT NULL,
	"max_hours" integer,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "transit_limits_storage" CHECK ("transit_limits"."storage" in ('ambient', 'cool', 'chilled', 'frozen', 'fresh')),
	CONSTRAINT "transit_limits_hours" CHECK ("transit_limits"."max_hours" > 0)
);
--> statement-breakpoint
CREATE TABLE "zone_times" (
	"id" uuid PRIMARY KEY NOT NULL,
	"zone" text NOT NULL,
	"min_hours" integer NOT NULL,
	"max_hours" integer NOT NULL,
	"cut_off_hour" smallint NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"note" text NOT NULL,
	CONSTRAINT "zone_times_hours" CHECK ("zone_times"."min_hours" between 1 and "zone_times"."max_hours"),
	CONSTRAINT "zone_times_cut_off" CHECK ("zone_times"."cut_off_hour" between 0 and 23)
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "delivery_method" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "pickup_point" jsonb;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "zone" text;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "base_grams" integer;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "step_grams" integer;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "step_vnd" bigint;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "volumetric_divisor" integer;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "value_from_vnd" bigint;--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD COLUMN "value_bps" integer;--> statement-breakpoint
ALTER TABLE "delivery_terms" ADD CONSTRAINT "delivery_terms_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_terms" ADD CONSTRAINT "delivery_terms_pickup_point_id_pickup_points_id_fk" FOREIGN KEY ("pickup_point_id") REFERENCES "public"."pickup_points"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pickup_points" ADD CONSTRAINT "pickup_points_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_transit_limits" ADD CONSTRAINT "product_transit_limits_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_transit_limits" ADD CONSTRAINT "product_transit_limits_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pickup_points_business" ON "pickup_points" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "shipping_zones_place" ON "shipping_zones" USING btree ("province_code","ward_code","valid_from");--> statement-breakpoint
CREATE INDEX "transit_limits_from" ON "transit_limits" USING btree ("storage","valid_from");--> statement-breakpoint
CREATE INDEX "zone_times_from" ON "zone_times" USING btree ("zone","valid_from");--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_pickup" CHECK (("orders"."delivery_method" = 'pickup') = ("orders"."pickup_point" is not null));--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_zone" CHECK (("shipping_rates"."scheme" = 'zone') = ("shipping_rates"."zone" is not null));--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_steps" CHECK (num_nulls("shipping_rates"."base_grams", "shipping_rates"."step_grams", "shipping_rates"."step_vnd") in (0, 3) and coalesce("shipping_rates"."step_grams", 1) > 0 and coalesce("shipping_rates"."volumetric_divisor", 1) > 0);--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_value" CHECK (num_nulls("shipping_rates"."value_from_vnd", "shipping_rates"."value_bps") in (0, 2));--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_fee" CHECK ("shipping_rates"."fee_vnd" >= 0);