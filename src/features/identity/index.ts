export { type SessionCookie, sessionCookie } from './cookie.ts';
export { readPhone } from './phone.ts';
export { identityRoutes } from './routes.ts';
export { createIdentity, type Guarded, type Identity } from './service.ts';
