import { join } from 'node:path'
import { createSimulatedDisk } from '@exprsn/core/testing'
import { exists, systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { findPostgres, type PostgresInstallation } from './installation.ts'
import { extensionFolder } from './shared-files.ts'

const installations = await findPostgres()

describe('extensionFolder', () => {
  it.each(installations)('is found for $origin, $version.text', async (installation) => {
    const folder = await extensionFolder(systemDisk, installation)
    expect(folder).toBeDefined()
    expect(await exists(systemDisk, join(folder!, 'amcheck.control'))).toBe(true)
  })

  it("does not take Debian's folder for the programs of somebody else, nor a guess for an answer", async () => {
    const disk = createSimulatedDisk()
    const debian = '/usr/share/postgresql/17/extension'
    await disk.makeFolder(debian)
    await (await disk.open(join(debian, 'plpgsql.control'), 'create-new')).close()
    const at = (binFolder: string): PostgresInstallation => ({
      ...{ binFolder, origin: 'path' },
      version: { major: 17, text: '17.1' },
    })
    expect(await extensionFolder(disk, at('/usr/lib/postgresql/17/bin'))).toBe(debian)
    expect(await extensionFolder(disk, at('/opt/postgres/bin'))).toBeUndefined()
    const own = '/opt/postgres/share/extension'
    await disk.makeFolder(own)
    await (await disk.open(join(own, 'plpgsql.control'), 'create-new')).close()
    expect(await extensionFolder(disk, at('/opt/postgres/bin'))).toBe(own)
  })
})
