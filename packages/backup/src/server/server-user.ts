import type { Disk } from '@exprsn/core/disk'
import { serverErrors } from './errors.ts'
import { orUndefined, readText } from './files.ts'

/** The operating-system user that a server runs as, when it is not the user of this process. */
export interface ServerUser {
  readonly name: string
  readonly userId: number
  readonly groupId: number
}

/**
 * Who a server runs as: undefined for the user of this process, or, as PostgreSQL refuses to run as root,
 * `postgres` or `nobody` when this process is root. The user needs a row in the password file: initdb looks itself up.
 *
 * @throws `BACKUP_SERVER_USER_MISSING`
 */
export async function serverUser(disk: Disk): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const rows = parsePasswordFile((await orUndefined(readText(disk, '/etc/passwd'))) ?? '')
  const user = rows.find(({ name }) => name === 'postgres') ?? rows.find(({ name }) => name === 'nobody')
  if (user === undefined) throw serverErrors.BACKUP_SERVER_USER_MISSING()
  return user
}

/** Rows of passwd(5): `name:password:uid:gid:…`. Root itself and negative ids (macOS's nobody) are of no use here. */
export function parsePasswordFile(text: string): ServerUser[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && /^\d+$/.test(fields[2]!) && /^\d+$/.test(fields[3]!))
    .map(([name, , userId, groupId]) => ({ name: name!, userId: Number(userId), groupId: Number(groupId) }))
    .filter(({ userId }) => userId !== 0)
}
