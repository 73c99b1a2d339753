import { createPdf } from '#web/pdf/document.ts';
import type { FrozenReport } from './service.ts';
import { notesOf, type Sheet, sheetsOf, shown } from './sheets.ts';
import { paperDate, periodDays, periodName, type Tongue } from './words.ts';

type Pdf = ReturnType<typeof createPdf>;

/** The upper part of a letter of a Vietnamese office: who writes and by which number, the country and its motto, the day. */
function letterHead(pdf: Pdf, tongue: Tongue, report: FrozenReport): void {
  const { t } = tongue;
  pdf.beside([t('periodic.exchange'), t('periodic.nation')], { size: 10, bold: true, align: 'center' });
  pdf.beside([t('periodic.numbered', { number: report.number }), t('periodic.motto')], { size: 10, align: 'center' });
  pdf.beside(['', `Sóc Trăng, ${paperDate(tongue, report.frozenAt)}`], { size: 10, align: 'center', soft: true });
  pdf.gap(16);
  pdf.text(t('periodic.heading'), { size: 17, bold: true, align: 'center' });
  pdf.text(t('periodic.subject', { period: periodName(tongue, report) }), { size: 12, bold: true, align: 'center' });
  pdf.text(`(${periodDays(tongue, report)})`, { size: 10, align: 'center', soft: true });
  pdf.gap(10);
  pdf.text(t('periodic.to'), { size: 11 });
  if (report.replaces !== null)
    pdf.text(t('periodic.replaces', { number: report.replaces, reason: report.reason ?? '' }), { bold: true });
  pdf.gap(6);
}

function drawSheet(pdf: Pdf, tongue: Tongue, { title, note, columns, rows, total }: Sheet): void {
  pdf.gap(5);
  pdf.heading(title, 12);
  if (note) pdf.text(note, { size: 8.5, soft: true });
  if (rows.length === 0) pdf.text(tongue.t('periodic.nothing'), { size: 9, soft: true });
  if (rows.length === 0) return;
  pdf.table(
    columns.map(({ title: name, weight, kind }) => ({
      title: name,
      weight,
      number: kind !== 'text' && kind !== 'day',
    })),
    rows.map((row) => columns.map(({ kind }, index) => shown(tongue, kind, row[index] ?? null))),
    8.5,
    total && columns.map(({ kind }, index) => shown(tongue, kind, total[index] ?? null)),
  );
}

/** Who prepared it, who answers for it, and by what the paper is checked. */
async function closing(pdf: Pdf, tongue: Tongue, report: FrozenReport, address: string): Promise<void> {
  const { t, format } = tongue;
  const { default: qrcode } = await import('qrcode');
  pdf.keep(210);
  pdf.gap(14);
  pdf.beside([t('periodic.writer'), t('periodic.head')], { bold: true, align: 'center' });
  pdf.beside([t('periodic.signName'), t('periodic.sign')], { size: 9, align: 'center', soft: true });
  pdf.gap(54);
  pdf.beside([report.frozenByName ?? '', ''], { bold: true, align: 'center' });
  pdf.gap(12);
  pdf.rule();
  const told = [
    `${t('periodic.frozen', { time: format.dateTime(report.frozenAt) })} · ${t('periodic.hash')}:`,
    report.sha256,
    t('periodic.scan', { address }),
    t('periodic.form'),
  ];
  pdf.picture(await qrcode.toBuffer(address, { margin: 0, width: 256 }), 60, told.join('\n'), { size: 8, soft: true });
}

/** The report on paper, made of what was frozen. `address`: where whoever holds it checks it. */
export async function reportPaper(tongue: Tongue, report: FrozenReport, address: string): Promise<Buffer> {
  const { t, locale } = tongue;
  const title = `${report.number} · ${periodName(tongue, report)}`;
  const author = t('periodic.exchange');
  const pdf = createPdf({
    ...{ title, size: 'A4', lang: locale, at: report.frozenAt, author },
    footer: `${report.number} · SHA-256 ${report.sha256}`,
  });
  letterHead(pdf, tongue, report);
  for (const sheet of sheetsOf(tongue, report.figures)) drawSheet(pdf, tongue, sheet);
  pdf.heading(t('periodic.notes'), 12);
  for (const note of notesOf(tongue)) pdf.text(`– ${note}`, { size: 8.5 });
  await closing(pdf, tongue, report, address);
  return pdf.finish();
}
