import { randomBytes } from 'node:crypto';
import { STAFF_ROLES, type StaffRole } from '#core/roles.ts';
import { transact } from '#db/client.ts';
import { type Command, required, UsageError } from './command.ts';

const isRole = (text: string): text is StaffRole => (STAFF_ROLES as readonly string[]).includes(text);

export const userCreate: Command = {
  name: 'user:create',
  summary: 'Create a login: --login <phone or e-mail> --name <name> [--staff <role>] [--business <slug>]',
  options: {
    login: { type: 'string' },
    name: { type: 'string' },
    staff: { type: 'string' },
    business: { type: 'string' },
  },
  run: async (values, { services, print }) => {
    const login = required(values, 'login');
    const name = required(values, 'name');
    const { staff, business } = values;
    if (typeof staff === 'string' && !isRole(staff))
      throw new UsageError(`--staff is one of ${STAFF_ROLES.join(', ')}`);
    // Made up here and shown once: a password given on the command line would stay in the shell's history.
    const password = randomBytes(12).toString('base64url');
    const member = typeof business === 'string' ? await services.businesses.getBusiness(business) : undefined;
    const accountId = await transact(services.db, 'operator', async (tx) => {
      const id = await services.identity.addAccount(tx, {
        name,
        login,
        password,
        ...(typeof staff === 'string' && isRole(staff) ? { staffRole: staff } : {}),
      });
      if (member) await services.businesses.addMember(tx, member.businessId, id, 'owner');
      return id;
    });
    print(`${login} can sign in with ${password}`);
    return { ok: true, accountId, login, password };
  },
};
