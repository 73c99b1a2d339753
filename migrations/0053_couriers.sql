-- breaking: no
CREATE TABLE "courier_bookings" (
	"shipment_id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"code" text NOT NULL,
	"carrier" text NOT NULL,
	"state" text NOT NULL,
	"tracking_number" text,
	"fee_vnd" bigint,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "courier_bookings_booked" CHECK (("courier_bookings"."state" <> 'booked') or ("courier_bookings"."tracking_number" is not null))
);
--> statement-breakpoint
CREATE TABLE "courier_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"carrier" text NOT NULL,
	"digest" text NOT NULL,
	"tracking_number" text NOT NULL,
	"code" text,
	"status" text NOT NULL,
	"outcome" text NOT NULL,
	"raw" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "courier_places" (
	"carrier" text NOT NULL,
	"ward_code" text NOT NULL,
	"province" text NOT NULL,
	"district" text NOT NULL,
	"ward" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "courier_places_carrier_ward_code_pk" PRIMARY KEY("carrier","ward_code")
);
--> statement-breakpoint
ALTER TABLE "courier_bookings" ADD CONSTRAINT "courier_bookings_shipment_id_shipments_id_fk" FOREIGN KEY ("shipment_id") REFERENCES "public"."shipments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "courier_bookings" ADD CONSTRAINT "courier_bookings_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "courier_bookings_code" ON "courier_bookings" USING btree ("code");--> statement-breakpoint
CREATE INDEX "courier_bookings_due" ON "courier_bookings" USING btree ("look_at");--> statement-breakpoint
CREATE UNIQUE INDEX "courier_messages_digest" ON "courier_messages" USING btree ("carrier","digest");