import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate (RFC 5280) with its key, as `tls.createServer` takes them. */
export type Certificate = { readonly cert: string; readonly key: string };
export type Authority = Certificate & { readonly name: string; readonly privateKey: KeyObject };
type Wanted = {
  readonly name: string;
  /** Hosts and IPv4 addresses that it is for; none make an authority. */
  readonly hosts?: readonly string[];
  readonly from: Date;
  readonly until: Date;
  /** Signs it; itself when left out. */
  readonly by?: Authority;
};

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));
const bits = (bytes: Buffer): Buffer => tagged(0x03, Buffer.of(0), bytes);
const nameOf = (text: string): Buffer =>
  sequence(tagged(0x31, sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(text)))));
/** As YYMMDDhhmmssZ, which is what certificates say until 2049. */
const timeOf = (at: Date): Buffer => tagged(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
const ed25519 = sequence(oid(0x2b, 0x65, 0x70));
const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

const hostName = (host: string): Buffer =>
  isIPv4(host) ? tagged(0x87, Buffer.from(host.split('.').map(Number))) : tagged(0x82, Buffer.from(host));
const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, tagged(0x04, value));

/** Makes an Ed25519 certificate: without `hosts` an authority's, which others may be signed `by`. */
export function certify({ name, hosts, from, until, by }: Wanted): Authority {
  const { privateKey } = generateKeyPairSync('ed25519');
  const usage = hosts
    ? extension(oid(0x55, 0x1d, 0x11), sequence(...hosts.map(hostName)))
    : extension(oid(0x55, 0x1d, 0x13), sequence(tagged(0x01, Buffer.of(0xff))));
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ed25519,
    nameOf(by?.name ?? name),
    sequence(timeOf(from), timeOf(until)),
    nameOf(name),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(usage)),
  );
  const whole = sequence(content, ed25519, bits(sign(null, content, by?.privateKey ?? privateKey)));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { name, privateKey, cert: pem(whole), key };
}
