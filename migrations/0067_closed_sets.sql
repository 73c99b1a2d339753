-- breaking: no
ALTER TABLE "products" ADD CONSTRAINT "products_vat_class" CHECK ("products"."vat_class" in ('exempt', 'five', 'reduced', 'standard'));--> statement-breakpoint
ALTER TABLE "vat_rates" ADD CONSTRAINT "vat_rates_class" CHECK ("vat_rates"."vat_class" in ('exempt', 'five', 'reduced', 'standard'));--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_zone_known" CHECK ("shipping_rates"."zone" in ('in-province', 'region', 'far'));--> statement-breakpoint
ALTER TABLE "shipping_rates" ADD CONSTRAINT "shipping_rates_scheme" CHECK ("shipping_rates"."scheme" in ('flat', 'zone', 'voucher', 'pickup'));