-- breaking: no
ALTER TABLE "order_lines" ADD COLUMN "extra_quantity" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_extra" CHECK ("order_lines"."extra_quantity" + "order_lines"."cancelled_quantity" >= 0);