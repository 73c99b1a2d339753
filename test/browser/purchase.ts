import type { Page } from 'playwright-core';

export const products = ['hanh-tim-vinh-chau-tui-luoi', 'banh-pia-sau-rieng-trung-muoi'] as const;
export const buyer = { name: 'Nguyễn Thị Sen', phone: '0912345678', line: '12 Lê Lợi' } as const;

const press = async (page: Page, name: string | RegExp): Promise<void> => {
  await page.getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};

export async function fillCart(page: Page, url: string): Promise<void> {
  for (const slug of products) {
    await page.goto(`${url}/san-pham/${slug}`);
    await press(page, 'Bỏ vào giỏ');
  }
}

export async function fillCheckout(page: Page): Promise<void> {
  await page.getByLabel('Họ và tên').fill(buyer.name);
  await page.getByLabel('Số điện thoại').fill(buyer.phone);
  await page.getByLabel('Số nhà, đường, ấp').fill(buyer.line);
  await page.getByLabel('Xã, phường', { exact: true }).selectOption({ index: 3 });
}

export const order = (page: Page): Promise<void> => press(page, /^Đặt hàng và trả/);

/** The code of the order that the page shows. */
export const codeOn = (page: Page): string => /ST[0-9A-Z]{10}/.exec(page.url())?.[0] ?? '';

export async function playBank(page: Page, url: string, code: string, button: string | RegExp): Promise<void> {
  await page.goto(`${url}/minh-hoa/ngan-hang/${code}`);
  await press(page, button);
}
