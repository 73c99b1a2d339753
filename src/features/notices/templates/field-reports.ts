import type { Template } from '../types.ts';

const reporter = ['in-app', 'zalo', 'sms'] as const;
const desk = ['in-app', 'email', 'zalo'] as const;

const outcome = (vi: string, en: string, km: string): Template => ({
  channels: reporter,
  vi: ['Phản ánh {{code}} đã có kết luận', `${vi} ({{about}}). {{reason}}`],
  en: ['Report {{code}} was decided', `${en} ({{about}}). {{reason}}`],
  km: ['របាយការណ៍ {{code}} ត្រូវបានសម្រេច', `${km} ({{about}})។ {{reason}}`],
});

/** What came of a report: for whoever reported, and for the business that was warned, which is not told by whom. */
export const fieldReportTemplates = {
  'field-report.no-finding': outcome('Cán bộ không thấy sai phạm', 'Nothing wrong was found', 'មន្ត្រីមិនឃើញកំហុស'),
  'field-report.warned': outcome('Cơ sở đã được nhắc nhở', 'The business was warned', 'មូលដ្ឋានត្រូវបានព្រមាន'),
  'field-report.takedown': outcome('Sản phẩm sẽ được gỡ', 'The product will be taken down', 'ផលិតផលនឹងត្រូវដក'),
  'field-report.forwarded': outcome('Đã chuyển cơ quan chức năng', 'Passed to the authority', 'បានបញ្ជូនទៅអាជ្ញាធរ'),
  'field-report.warning': {
    channels: desk,
    vi: ['Nhắc nhở của sàn: {{about}}', 'Sau một phản ánh, cán bộ nhắc nhở: {{reason}}'],
    en: ['A warning of the exchange: {{about}}', 'After a report an officer warns: {{reason}}'],
    km: ['ការព្រមានពីផ្សារ៖ {{about}}', 'ក្រោយរបាយការណ៍មួយ មន្ត្រីព្រមាន៖ {{reason}}'],
  },
} satisfies Readonly<Record<string, Template>>;
