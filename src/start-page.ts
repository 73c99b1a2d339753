import type { Config } from '#config/config.ts';
import { keptSecret } from '#config/secrets.ts';
import { demoLogins } from './demo/load.ts';

const row = (label: string, value: string): string => `  ${label.padEnd(26)} ${value}\n`;

function demonstration(config: Config): string {
  const password = keptSecret(config.dataDir, 'demo-password');
  const keys = config.bankFeeds.sepay?.madeUp ? row('SEPAY_API_KEY', config.bankFeeds.sepay.apiKey.reveal()) : '';
  return (
    `\nTài khoản dùng thử / Demonstration logins (mật khẩu / password: ${password})\n` +
    demoLogins.map(({ login, name }) => row(login, name)).join('') +
    (keys && `\nKhóa thử / Test keys\n${keys}`) +
    '\nDữ liệu mẫu: người bán, giá, chứng nhận đều không có thật. / Sample data: nothing here is real.\n'
  );
}

/** What an operator or a newcomer reads first: where everything is, who may sign in, and how to begin anew. */
export function startPage(
  config: Config,
  searchAbsent: { readonly vi: string; readonly en: string } | undefined,
): string {
  const at = (path: string): string => `${config.publicUrl}${path}`;
  return (
    '\nChợ Nổi đã mở / is open\n\n' +
    row('Cửa hàng / Shop', at('/')) +
    row('Người bán / Seller desk', at('/ban-hang')) +
    row('Cán bộ / Staff desk', at('/quan-tri')) +
    row('Tra cứu đơn / Tracking', at('/tra-cuu')) +
    row('Tài liệu API / API docs', at('/docs')) +
    row('Sẵn sàng / Readiness', at('/readyz')) +
    (config.demo ? demonstration(config) : '') +
    (searchAbsent ? `\n${searchAbsent.vi}\n${searchAbsent.en}\n` : '') +
    `\nDừng / Stop: Ctrl-C    Làm lại từ đầu / Reset: rm -rf ${config.database ? '<database>' : config.dataDir}\n\n`
  );
}
