import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findOracle, installFailureVariable, missingReason, requireOracle } from './oracles.ts'
import { temporaryFolder } from './temporary-folder.ts'

const environment = { ...process.env }
afterEach(() => {
  process.env.PATH = environment.PATH
  if (environment[installFailureVariable] === undefined) delete process.env[installFailureVariable]
})

/** A test context that notes the skip, and ends the test as vitest's does. */
const context = {
  skip(note?: string): never {
    throw new Error(`skipped: ${note}`)
  },
}

describe('findOracle', () => {
  it('finds a program on PATH when it may be run', async () => {
    await using folder = await temporaryFolder()
    const restic = join(folder.path, 'restic')
    await writeFile(restic, '#!/bin/sh\n', { mode: 0o644 })
    process.env.PATH = folder.path
    expect(findOracle('restic')).toBeUndefined()
    await chmod(restic, 0o755)
    expect(findOracle('restic')).toBe(restic)
    expect(requireOracle(context, 'restic')).toBe(restic)
  })
})

describe('requireOracle', () => {
  it('skips the test and says what is missing', () => {
    process.env.PATH = '/nowhere'
    delete process.env[installFailureVariable]
    expect(() => requireOracle(context, 'redis')).toThrow(
      'skipped: redis-check-rdb is not installed (Debian package redis-tools)',
    )
  })

  it('says why it could not be installed', () => {
    process.env[installFailureVariable] = 'run "apt-get install restic" as root'
    expect(missingReason('restic')).toBe(
      'restic is not installed (Debian package restic): run "apt-get install restic" as root',
    )
  })
})
