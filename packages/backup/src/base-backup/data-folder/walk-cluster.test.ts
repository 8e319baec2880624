import { join } from 'node:path'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { put } from '../../../test/make-base.ts'
import { findTablespaces } from './find-tablespaces.ts'
import { walkCluster } from './walk-cluster.ts'

const versionFolder = 'PG_18_202506291'
let space = ''
let folder = ''
beforeEach(async () => {
  space = await makeTemporaryFolder(systemDisk)
  folder = join(space, 'data')
  for (const path of ['base/5/16384', 'pg_wal/000000010000000000000001', 'pg_notify/0000', 'PG_VERSION'])
    await put(join(folder, path), 'x')
  await systemDisk.makeFolder(join(folder, 'pg_tblspc'))
})
afterEach(() => removeTree(systemDisk, space))

async function walked(disk = systemDisk): Promise<string[]> {
  const tablespaces = await findTablespaces(disk, folder, versionFolder)
  const found: string[] = []
  for await (const { kind, path } of walkCluster({
    disk,
    folder,
    versionFolder,
    tablespaces,
    walFolders: ['summaries'],
  }))
    found.push(kind === 'folder' ? `${path}/` : path)
  return found
}

const ownFiles = [
  'PG_VERSION',
  'base/',
  'base/5/',
  'base/5/16384',
  'pg_notify/',
  'pg_tblspc/',
  'pg_wal/',
  'pg_wal/summaries/',
]

describe('walkCluster', () => {
  it('has tablespaces first, of each what belongs to this cluster, also where they lie in the data folder', async () => {
    await put(join(space, 'fast', versionFolder, '5', '16500'), 'x')
    await put(join(space, 'fast', 'PG_15_202209061', '5', '16500'), 'x')
    await put(join(folder, 'inside', versionFolder, '5', '16501'), 'x')
    await systemDisk.symlink(join(space, 'fast'), join(folder, 'pg_tblspc', '16400'))
    await systemDisk.symlink(join(folder, 'inside'), join(folder, 'pg_tblspc', '16399'))
    await put(join(folder, 'pg_tblspc', '16398', versionFolder, '5', '16502'), 'x')
    await put(join(folder, 'pg_tblspc', 'stray'), 'x')
    const tablespace = (oid: number, file: string) => [
      ...[`pg_tblspc/${oid}/`, `pg_tblspc/${oid}/${versionFolder}/`, `pg_tblspc/${oid}/${versionFolder}/5/`],
      `pg_tblspc/${oid}/${versionFolder}/5/${file}`,
    ]
    expect(await walked()).toEqual([
      ...[...tablespace(16_398, '16502'), ...tablespace(16_399, '16501'), ...tablespace(16_400, '16500')],
      ...[...ownFiles.slice(0, 4), 'inside/', ...ownFiles.slice(4)],
    ])
    const found = await findTablespaces(systemDisk, folder, versionFolder)
    expect(found.map(({ oid, location }) => [oid, location])).toEqual([
      [16_398, 'pg_tblspc/16398'],
      [16_399, join(folder, 'inside')],
      [16_400, join(space, 'fast')],
    ])
  })

  it('passes by what goes meanwhile', async () => {
    const losing = {
      ...systemDisk,
      async *entries(path: Parameters<typeof systemDisk.entries>[0]) {
        if (path === join(folder, 'base', '5')) await removeTree(systemDisk, join(folder, 'base', '5'))
        yield* systemDisk.entries(path)
      },
    }
    expect(await walked(losing)).toEqual(ownFiles.filter((path) => path !== 'base/5/16384'))
  })

  it('makes folders of links to emptied folders', async () => {
    await removeTree(systemDisk, join(folder, 'pg_wal'))
    await systemDisk.symlink(join(space, 'wal'), join(folder, 'pg_wal'))
    expect(await walked()).toEqual(ownFiles)
  })

  it('does not pass by a tablespace that is elsewhere', async () => {
    await systemDisk.symlink(join(space, 'slow'), join(folder, 'pg_tblspc', '16400'))
    await expect(walked()).rejects.toMatchObject({
      code: 'BACKUP_BASE_FOLDER_UNREADABLE',
      message: expect.stringContaining(join(space, 'slow')),
    })
  })

  it.skipIf(process.platform !== 'linux')('refuses names that a manifest cannot hold', async () => {
    await systemDisk.makeFolder(Buffer.concat([Buffer.from(`${folder}/base/`), Buffer.from([0xff])]))
    await expect(walked()).rejects.toMatchObject({ code: 'BACKUP_BASE_FOLDER_UNREADABLE' })
  })
})
