import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { describe, expect, it } from 'vitest'
import { initdbArguments, initialiseCluster } from './initialise.ts'

const base = { dataFolder: '/d', password: undefined }

describe('initdbArguments', () => {
  it('asks for checksums where they are not the default', () => {
    expect(initdbArguments({ ...base, major: 17 }, undefined)).toContain('--data-checksums')
    expect(initdbArguments({ ...base, major: 18 }, undefined)).not.toContain('--data-checksums')
  })

  it('uses the built-in locale where there is one', () => {
    expect(initdbArguments({ ...base, major: 16 }, undefined)).not.toContain('--locale-provider=builtin')
    expect(initdbArguments({ ...base, major: 17 }, undefined)).toContain('--locale-provider=builtin')
  })

  it('trusts without a password, and keeps a password off the command line', () => {
    expect(initdbArguments({ ...base, major: 18 }, undefined)).toContain('--auth=trust')
    const secured = initdbArguments({ ...base, major: 18, password: 'correct horse' }, '/s/password')
    expect(secured).toContain('--auth=scram-sha-256')
    expect(secured).toContain('--pwfile=/s/password')
    expect(secured.join(' ')).not.toContain('correct horse')
  })
})

describe('initialiseCluster', () => {
  async function failure(initdb: string, password?: string) {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'initdb'), `#!/bin/sh\n${initdb}\n`, { mode: 0o755 })
    const options = { disk: systemDisk, binFolder: folder.path, major: 18, dataFolder: '/d', password }
    const error = await initialiseCluster({ ...options, cwd: folder.path, user: undefined }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    const left = await readFile(join(folder.path, 'password'), 'utf8').catch(() => 'no password file')
    return { error, left }
  }

  it('says what initdb said', async () => {
    const { error } = await failure(`echo 'initdb: error: directory "/d" exists but is not empty'; exit 1`)
    expect(error).toMatchObject({
      code: 'BACKUP_SERVER_INITIALISE_FAILED',
      message: 'initdb could not make a cluster in /d: directory "/d" exists but is not empty.',
    })
  })

  it('leaves no password file behind, whether it works or fails', async () => {
    expect(await failure('exit 0', 'secret')).toEqual({ error: undefined, left: 'no password file' })
    expect((await failure('exit 1', 'secret')).left).toBe('no password file')
  })
})
