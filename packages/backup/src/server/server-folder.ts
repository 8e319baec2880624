import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom, type Random } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { writeText } from './files.ts'
import { processIdentity } from './process-identity.ts'
import type { ServerUser } from './server-user.ts'

/** The file in a server's folder that says which process it belongs to. */
export const ownerFile = 'owner'

/** What kind of server a folder is for: part of the folder's name. */
export type ServerKind = 'postgres' | 'redis'

/** Unix socket paths hold at most 103 bytes on macOS and 107 on Linux, the socket's own name included. */
const longestParent = 103 - '/exprsn-postgres-0123456789ab/.s.PGSQL.65535'.length

/** The folder that servers' folders are made in: the system's temporary folder unless its path is too long for sockets. */
export function serversParent(): string {
  return Buffer.byteLength(tmpdir()) <= longestParent ? tmpdir() : '/tmp'
}

/** A new path for a server's folder. */
export function serverFolderPath(kind: ServerKind, random: Random = systemRandom): string {
  return join(serversParent(), `exprsn-${kind}-${Buffer.from(random.bytes(6)).toString('hex')}`)
}

/** True for the name of a folder made by {@link makeServerFolder}. */
export function isServerFolderName(name: string): boolean {
  return /^exprsn-(postgres|redis)-[0-9a-f]{12}$/.test(name)
}

/** Makes a server's folder: closed to everyone but the server's user, and marked as belonging to this process. */
export async function makeServerFolder(disk: Disk, folder: string, user: ServerUser | undefined): Promise<void> {
  await disk.makeFolder(folder, { permissions: 0o700 })
  await writeText(disk, join(folder, ownerFile), JSON.stringify(await processIdentity(disk, process.pid)))
  if (user !== undefined) await disk.setOwner(folder, user.userId, user.groupId)
}

/** Marks a folder as left on purpose, so that no sweep removes it. */
export async function keepServerFolder(disk: Disk, folder: string): Promise<void> {
  await writeText(disk, join(folder, ownerFile), JSON.stringify('kept'))
}
