import { join } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { serverErrors } from './errors.ts'
import { orUndefined, readText, statIfThere, writeText } from './files.ts'
import type { ServerUser } from './server-user.ts'

/**
 * The major version that wrote a data folder.
 *
 * @throws `BACKUP_SERVER_NOT_A_DATA_FOLDER`
 */
export async function clusterMajor(disk: Disk, dataFolder: string): Promise<number> {
  const text = await orUndefined(readText(disk, join(dataFolder, 'PG_VERSION')))
  if (text === undefined) throw serverErrors.BACKUP_SERVER_NOT_A_DATA_FOLDER({ dataFolder })
  return Number.parseInt(text, 10)
}

/** Gives a data folder and its tablespaces to the server's user and closes it to others, as the server demands. */
export async function takeOver(disk: Disk, dataFolder: string, user: ServerUser | undefined): Promise<void> {
  const folders = [dataFolder, ...(await tablespaceFolders(disk, dataFolder))]
  for (const folder of folders) {
    if (user !== undefined) await setOwnerOfTree(disk, folder, user)
    await disk.setMode(folder, 0o700)
  }
}

/** Where tablespaces lie: the links of a cluster that has run, the map of one that is restored and has not run yet. */
async function tablespaceFolders(disk: Disk, dataFolder: string): Promise<string[]> {
  const map = (await orUndefined(readText(disk, join(dataFolder, 'tablespace_map')))) ?? ''
  const folders = map.split('\n').flatMap((line) => /^\d+ (\/.*)$/.exec(line)?.[1] ?? [])
  const links = join(dataFolder, 'pg_tblspc')
  if ((await statIfThere(disk, links)) !== undefined)
    for await (const { name, kind } of disk.entries(links))
      if (kind === 'symlink') folders.push(String(await disk.readLink(join(links, name))))
  const checked = await Promise.all(folders.map(async (folder) => ((await isTablespace(disk, folder)) ? folder : [])))
  return [...new Set(checked.flat())]
}

/** A link may point anywhere: only a folder that looks like a tablespace changes hands. */
async function isTablespace(disk: Disk, folder: string): Promise<boolean> {
  if ((await statIfThere(disk, folder))?.kind !== 'folder') return false
  for await (const { name } of disk.entries(folder)) if (!/^PG_\d+_\d+$/.test(name)) return false
  return true
}

async function setOwnerOfTree(disk: Disk, path: string, user: ServerUser): Promise<void> {
  await disk.setOwner(path, user.userId, user.groupId)
  for await (const { name, kind } of disk.entries(path)) {
    const inner = join(path, name)
    if (kind === 'folder') await setOwnerOfTree(disk, inner, user)
    else await disk.setOwner(inner, user.userId, user.groupId)
  }
}

/**
 * Settings for a cluster that was made elsewhere. Debian keeps the configuration outside the data folder, so that a
 * backup has none: missing files are replaced by plain ones in the server's folder. A copy must never write into the
 * original's WAL archive, and the original's certificates may not be here.
 */
export async function settingsForExistingCluster(
  disk: Disk,
  { dataFolder, folder, trust }: { readonly dataFolder: string; readonly folder: string; readonly trust: boolean },
): Promise<Record<string, string>> {
  const settings: Record<string, string> = { archive_mode: 'off', ssl: 'off', data_directory: dataFolder }
  const files = [
    { setting: 'config_file', name: 'postgresql.conf', replace: false, text: '' },
    { setting: 'hba_file', name: 'pg_hba.conf', replace: trust, text: trustEveryone },
    { setting: 'ident_file', name: 'pg_ident.conf', replace: trust, text: '' },
  ]
  for (const { setting, name, replace, text } of files) {
    const missing = (await statIfThere(disk, join(dataFolder, name))) === undefined
    settings[setting] = join(missing || replace ? folder : dataFolder, name)
    if (missing || replace) await writeText(disk, join(folder, name), text, 0o644)
  }
  return settings
}

const trustEveryone = `local all all trust
local replication all trust
host all all 127.0.0.1/32 trust
host replication all 127.0.0.1/32 trust
`
