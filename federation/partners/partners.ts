import { anGiang } from './an-giang.ts';
import { bacLieu } from './bac-lieu.ts';
import { benTre } from './ben-tre.ts';
import { caMau } from './ca-mau.ts';
import { canTho } from './can-tho.ts';
import { dongThap } from './dong-thap.ts';
import { hauGiang } from './hau-giang.ts';
import { kienGiang } from './kien-giang.ts';
import type { PartnerManifest } from './manifest.ts';
import { tienGiang } from './tien-giang.ts';
import { traVinh } from './tra-vinh.ts';
import { vinhLong } from './vinh-long.ts';

/** The 11 exchanges of the Mekong delta that Sóc Trăng syncs with. */
export const PARTNERS: readonly PartnerManifest[] = [
  traVinh,
  canTho,
  vinhLong,
  dongThap,
  anGiang,
  kienGiang,
  benTre,
  tienGiang,
  hauGiang,
  bacLieu,
  caMau,
];
