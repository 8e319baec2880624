import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import { temporaryFolder, type TemporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseInstallation } from './choose-installation.ts'
import { clusterMajor, settingsForExistingCluster, takeOver } from './existing-cluster.ts'
import type { PostgresInstallation } from './installation.ts'

let folder: TemporaryFolder
let dataFolder: string
beforeEach(async () => {
  folder = await temporaryFolder()
  dataFolder = join(folder.path, 'data')
  await mkdir(dataFolder)
})
afterEach(() => folder.remove())

describe('clusterMajor', () => {
  it('reads PG_VERSION', async () => {
    await writeFile(join(dataFolder, 'PG_VERSION'), '15\n')
    expect(await clusterMajor(systemDisk, dataFolder)).toBe(15)
  })

  it('refuses a folder that is none', async () => {
    await expect(clusterMajor(systemDisk, dataFolder)).rejects.toMatchObject({
      code: 'BACKUP_SERVER_NOT_A_DATA_FOLDER',
      details: { dataFolder },
    })
  })
})

describe('chooseInstallation', () => {
  const installation: PostgresInstallation = {
    binFolder: '/pg/bin',
    version: { major: 15, text: '15.18' },
    origin: 'path',
  }

  it('takes the given one when it wrote the data folder', async () => {
    await writeFile(join(dataFolder, 'PG_VERSION'), '15\n')
    expect(await chooseInstallation({ disk: systemDisk, installation, dataFolder })).toBe(installation)
  })

  it('refuses one of another major version before anything is touched', async () => {
    await writeFile(join(dataFolder, 'PG_VERSION'), '14\n')
    const code = 'BACKUP_SERVER_VERSION_MISMATCH'
    await expect(chooseInstallation({ disk: systemDisk, installation, dataFolder })).rejects.toMatchObject({ code })
    await expect(chooseInstallation({ disk: systemDisk, major: 15, dataFolder })).rejects.toMatchObject({ code })
  })

  it('says which versions there are when none fits', async () => {
    await expect(chooseInstallation({ disk: systemDisk, major: 7 })).rejects.toMatchObject({
      code: expect.stringMatching(/BACKUP_SERVER_(MAJOR_)?NOT_FOUND/),
    })
  })
})

describe('takeOver', () => {
  const nobody = { name: 'nobody', userId: 65_534, groupId: 65_534 }

  it('closes the data folder, as the server demands', async () => {
    await takeOver(systemDisk, dataFolder, undefined)
    expect((await stat(dataFolder)).mode & 0o777).toBe(0o700)
  })

  it('gives tree and tablespaces to the server, and nothing that a link leads to otherwise', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can give files away')
    const [linked, mapped, foreign] = ['linked', 'mapped', 'foreign'].map((name) => join(folder.path, name))
    await mkdir(join(dataFolder, 'pg_tblspc'))
    await mkdir(join(dataFolder, 'base'))
    await writeFile(join(dataFolder, 'base', '1'), '')
    await mkdir(join(linked!, 'PG_18_202506291'), { recursive: true })
    await mkdir(join(mapped!, 'PG_18_202506291'), { recursive: true })
    await mkdir(join(foreign!, 'letters'), { recursive: true })
    await symlink(linked!, join(dataFolder, 'pg_tblspc', '1'))
    await symlink(foreign!, join(dataFolder, 'pg_tblspc', '2'))
    await writeFile(join(dataFolder, 'tablespace_map'), `3 ${mapped}\n4 relative\nbroken\n`)
    await takeOver(systemDisk, dataFolder, nobody)
    const owner = async (path: string) => (await stat(path)).uid
    for (const path of [dataFolder, join(dataFolder, 'base', '1'), join(linked!, 'PG_18_202506291'), mapped!])
      expect(await owner(path)).toBe(65_534)
    expect(await owner(foreign!)).toBe(0)
    expect(await owner(join(foreign!, 'letters'))).toBe(0)
  })
})

describe('settingsForExistingCluster', () => {
  const settings = (trust: boolean) =>
    settingsForExistingCluster(systemDisk, { dataFolder, folder: folder.path, trust })

  it('never lets a copy write into the archive of the original', async () => {
    expect(await settings(true)).toMatchObject({ archive_mode: 'off', ssl: 'off', data_directory: dataFolder })
  })

  it('brings the configuration that a Debian backup lacks', async () => {
    expect(await settings(false)).toMatchObject({
      config_file: join(folder.path, 'postgresql.conf'),
      hba_file: join(folder.path, 'pg_hba.conf'),
      ident_file: join(folder.path, 'pg_ident.conf'),
    })
    expect(await readFile(join(folder.path, 'pg_hba.conf'), 'utf8')).toContain('local all all trust')
  })

  it("keeps the cluster's own, except for who may connect when everyone is trusted", async () => {
    for (const name of ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf']) await writeFile(join(dataFolder, name), '')
    expect(await settings(false)).toMatchObject({ hba_file: join(dataFolder, 'pg_hba.conf') })
    expect(await settings(true)).toMatchObject({
      config_file: join(dataFolder, 'postgresql.conf'),
      hba_file: join(folder.path, 'pg_hba.conf'),
    })
  })
})
