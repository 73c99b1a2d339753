import type { Id } from '#core/ids.ts';
import type { Db } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Certificates } from '#features/certificates/index.ts';
import { CHECKLIST } from '#features/certificates/types.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';

type Samples = {
  readonly services: { readonly db: Db; readonly certificates: Certificates; readonly queues: Queues };
  readonly seller: Id<'Account'>;
  readonly certifier: Id<'Account'>;
  readonly businessId: BusinessId;
  /** Products of that business without stars. */
  readonly products: readonly ProductId[];
};

/** The smallest page that readers of PDF show, with one line on it. */
export const samplePaper = (line: string): Buffer => {
  const text = `BT /F1 18 Tf 60 760 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  const offsets: number[] = [];
  let body = '%PDF-1.4\n';
  for (const [index, object] of objects.entries()) {
    offsets.push(body.length);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
};

const decision = {
  kind: 'ocop',
  issuer: 'UBND thành phố Cần Thơ',
  issuedOn: '2026-09-15',
  star: 3,
  expiresOn: null,
} as const;

/** A life of each kind to look at: one that waits for a certifier, and one that was revoked. Sent by the seller's own door. */
export async function loadCertificateSamples({
  services: { certificates, queues },
  seller,
  certifier,
  businessId,
  products,
}: Samples): Promise<void> {
  const [waiting, revoked] = products;
  const sender = { actor: `account:${seller}`, businessIds: [businessId] };
  const officer = { actor: `account:${certifier}` };
  if (revoked) {
    const submission = { ...decision, productId: revoked, decisionNumber: '9150/QĐ-UBND', issuedOn: '2026-01-20' };
    const id = await certificates.send(sender, submission, {
      bytes: samplePaper('Du lieu mau: 9150/QD-UBND'),
      name: '9150.pdf',
    });
    const claim = await queues.findClaim({ kind: 'certificate', id });
    if (claim) await queues.claim({ accountId: certifier, staffRole: 'certifier' }, claim.itemId);
    await certificates.verify(officer, id, { checked: CHECKLIST });
    await certificates.revoke(officer, id, {
      cause: 'criteria-lost',
      reason: 'Kiểm tra sau công nhận: không còn giữ vùng nguyên liệu đã đăng ký.',
      decisionNumber: '9168/QĐ-UBND',
      decidedOn: '2026-10-30',
    });
  }
  if (waiting) {
    const submission = { ...decision, productId: waiting, decisionNumber: '9160/QĐ-UBND' };
    await certificates.send(sender, submission, { bytes: samplePaper('Du lieu mau: 9160/QD-UBND'), name: '9160.pdf' });
  }
}
