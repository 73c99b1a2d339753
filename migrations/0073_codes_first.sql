-- breaking: no
DROP INDEX "products_own_sku";--> statement-breakpoint
CREATE UNIQUE INDEX "products_own_sku" ON "products" USING btree (lower(replace("sku", ' ', '')),"business_id") WHERE "products"."partner_key" is null;