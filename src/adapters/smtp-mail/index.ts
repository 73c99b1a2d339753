import type { Carrier } from '#features/notices/types.ts';

/** Milliseconds. A server that does not speak must not hold a worker. */
const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 } as const;

/**
 * Mail by SMTP. `url` as nodemailer reads it, with the sender in `?from=`, else `khong-tra-loi@` the site's host. The
 * Message-ID is the delivery's, so that a second try of a letter that had been taken is known as the same one.
 */
export function createSmtpMail({ url, publicUrl }: { readonly url: string; readonly publicUrl: string }): Carrier {
  const { hostname } = new URL(publicUrl);
  const server = new URL(url);
  const from = server.searchParams.get('from') ?? `khong-tra-loi@${hostname}`;
  server.searchParams.delete('from');
  const connect = async () => {
    // Loaded with the first letter: a process that only serves does not need it.
    const { createTransport } = await import('nodemailer');
    return createTransport({ url: server.href, ...timeouts, pool: true, maxConnections: 2 });
  };
  let transport: ReturnType<typeof connect> | undefined;
  return {
    send: async ({ id, to, subject, text, html }) => {
      transport ??= connect();
      const { messageId, accepted } = await (await transport).sendMail({
        from: { name: 'Chợ Nổi', address: from },
        // An address, never a text that is parsed for more of them.
        to: { name: '', address: to },
        subject,
        text,
        ...(html !== undefined && { html }),
        messageId: `<${id}@${hostname}>`,
        headers: { 'auto-submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      if (accepted.length === 0) throw new Error('The mail server took the letter for nobody');
      return messageId;
    },
  };
}
