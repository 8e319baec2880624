import { join } from 'node:path'
import { removeTree, type Disk } from '@exprsn/core/disk'
import { orUndefined, readText, statIfThere } from './files.ts'
import { processIdentity, processSpace, type ProcessIdentity } from './process-identity.ts'
import { isServerFolderName, ownerFile, serversParent } from './server-folder.ts'

/**
 * Removes the folders of servers whose process has died together with its watchdog (a container that was killed as a
 * whole), and stops a server that still runs in one. Folders of other machines, containers and users are left alone.
 *
 * @returns The paths that were removed.
 */
export async function sweepServerFolders(disk: Disk, parent: string = serversParent()): Promise<string[]> {
  const removed: string[] = []
  for await (const { name, kind } of disk.entries(parent)) {
    const folder = join(parent, name)
    if (kind !== 'folder' || !isServerFolderName(name) || !(await isAbandoned(disk, folder))) continue
    await stopProcessesIn(disk, folder)
    if (await orUndefined(removeTree(disk, folder).then(() => true))) removed.push(folder)
  }
  return removed
}

/** Only marks written by this very user count: in a shared folder anybody may make a folder of such a name. */
async function isAbandoned(disk: Disk, folder: string): Promise<boolean> {
  if ((await statIfThere(disk, join(folder, ownerFile)))?.userId !== process.getuid?.()) return false
  const owner = parseOwner(await orUndefined(readText(disk, join(folder, ownerFile))))
  if (owner === undefined || owner.space !== (await processSpace(disk))) return false
  const now = await processIdentity(disk, owner.processId)
  return now?.startedAt !== owner.startedAt
}

/** The owner, or undefined for a folder that was kept on purpose, is being made right now, or was tampered with. */
function parseOwner(text: string | undefined): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Partial<ProcessIdentity>
    const { processId, startedAt, space } = owner
    if (typeof processId !== 'number' || typeof startedAt !== 'string' || typeof space !== 'string') return undefined
    return { processId, startedAt, space }
  } catch {
    return undefined
  }
}

/** A server's working folder is its data folder: that names it more surely than a process number in a file. */
async function stopProcessesIn(disk: Disk, folder: string): Promise<void> {
  if (process.platform !== 'linux') return
  for await (const { name } of disk.entries('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const cwd = String((await orUndefined(disk.readLink(`/proc/${name}/cwd`))) ?? '')
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) continue
    try {
      process.kill(Number(name), 'SIGQUIT')
    } catch {
      // It has ended in the meantime, or belongs to somebody else.
    }
  }
}
