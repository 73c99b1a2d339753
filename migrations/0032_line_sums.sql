-- breaking: no
ALTER TABLE "orders" DROP CONSTRAINT "orders_total";--> statement-breakpoint
ALTER TABLE "orders" DROP CONSTRAINT "orders_commission";--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "cancelled_quantity" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "returned_quantity" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "discount_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "promotion_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "vat_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "commission_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "commission_vat_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "discount_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "promotion_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "vat_vnd" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_pieces" CHECK ("order_lines"."cancelled_quantity" >= 0 and "order_lines"."returned_quantity" >= 0 and "order_lines"."cancelled_quantity" + "order_lines"."returned_quantity" <= "order_lines"."quantity");--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_discount" CHECK ("order_lines"."promotion_vnd" between 0 and "order_lines"."discount_vnd" and "order_lines"."discount_vnd" <= "order_lines"."total_vnd");--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_parts" CHECK ("order_lines"."vat_vnd" >= 0 and "order_lines"."commission_vnd" >= 0 and "order_lines"."commission_vat_vnd" >= 0 and greatest("order_lines"."vat_vnd", "order_lines"."commission_vnd" + "order_lines"."commission_vat_vnd") <= "order_lines"."total_vnd" - "order_lines"."discount_vnd" + "order_lines"."promotion_vnd");--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_discount" CHECK ("orders"."promotion_vnd" between 0 and "orders"."discount_vnd" and "orders"."discount_vnd" <= "orders"."subtotal_vnd" and "orders"."vat_vnd" >= 0);--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_total" CHECK ("orders"."total_vnd" = "orders"."subtotal_vnd" - "orders"."discount_vnd" + "orders"."shipping_vnd" and "orders"."total_vnd" > 0 and "orders"."subtotal_vnd" > 0 and "orders"."shipping_vnd" >= 0);--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_commission" CHECK ("orders"."commission_vnd" >= 0 and "orders"."commission_vnd" + "orders"."commission_vat_vnd" <= "orders"."total_vnd" + "orders"."promotion_vnd");