// node verify-certificate.mjs "$(curl -s $EXCHANGE/v1/certificates/$CODE/statement)" "$(curl -s $EXCHANGE/.well-known/jwks.json)"
import { createPublicKey, verify } from 'node:crypto';

const [statement = '..', keySet = '{"keys":[]}'] = process.argv.slice(2);
const [head, body, signature] = statement.split('.');
const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
const { kid, typ } = read(head);
const jwk = JSON.parse(keySet).keys.find((one) => one.kid === kid && typ === 'ocop-certificate+jwt');
const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' });
const isSigned = verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
if (!isSigned || read(body).exp * 1000 <= Date.now()) throw new Error('No statement of this exchange that holds now');
process.stdout.write(`${JSON.stringify(read(body).certificate, null, 2)}\n`);
