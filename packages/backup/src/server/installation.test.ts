import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, parseServerVersion } from './installation.ts'
import { npmBinariesPackage } from './npm-binaries.ts'

describe('parseServerVersion', () => {
  it.each([
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', 15, '15.18'],
    ['postgres (PostgreSQL) 18.4', 18, '18.4'],
    ['postgres (PostgreSQL) 19beta1\n', 19, '19beta1'],
  ])('reads %s', (line, major, text) => {
    expect(parseServerVersion(line)).toEqual({ major, text })
  })

  it('does not take another program for a server', () => {
    expect(parseServerVersion('redis 7.0.15')).toBeUndefined()
  })
})

describe('findPostgres', () => {
  const path = process.env.PATH
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
  })
  afterEach(async () => {
    process.env.PATH = path
    await folder.remove()
  })

  async function fakeServer(name: string, version: string): Promise<string> {
    const binFolder = join(folder.path, name)
    await mkdir(binFolder, { recursive: true })
    await writeFile(join(binFolder, 'postgres'), `#!/bin/sh\necho 'postgres (PostgreSQL) ${version}'\n`, {
      mode: 0o755,
    })
    await writeFile(join(binFolder, 'initdb'), '', { mode: 0o755 })
    return binFolder
  }

  it('finds servers on PATH, newest first by number', async () => {
    const old = await fakeServer('old', '9.6')
    const recent = await fakeServer('recent', '99.10')
    const less = await fakeServer('less', '99.9')
    process.env.PATH = [old, less, recent, path].join(delimiter)
    const found = (await findPostgres()).filter(({ binFolder }) => binFolder.startsWith(folder.path))
    expect(found.map(({ version }) => version.text)).toEqual(['99.10', '99.9', '9.6'])
    expect(found[0]).toEqual({ binFolder: recent, version: { major: 99, text: '99.10' }, origin: 'path' })
  })

  it('lists a server once, however many links lead to it', async () => {
    const binFolder = await fakeServer('real', '98.1')
    const links = join(folder.path, 'links')
    await mkdir(links)
    await symlink('../real/postgres', join(links, 'postgres'))
    await symlink('postgres', join(links, 'other'))
    process.env.PATH = [links, binFolder, links, path].join(delimiter)
    const found = (await findPostgres()).filter(({ version }) => version.major === 98)
    expect(found).toEqual([{ binFolder, version: { major: 98, text: '98.1' }, origin: 'path' }])
  })

  it('skips what is not a whole server: no initdb, not runnable, endless links, relative folders', async () => {
    const client = await fakeServer('client', '97.1')
    await rm(join(client, 'initdb'))
    const broken = await fakeServer('broken', '97.2')
    await chmod(join(broken, 'postgres'), 0o644)
    const circle = join(folder.path, 'circle')
    await mkdir(circle)
    await symlink('postgres', join(circle, 'postgres'))
    process.env.PATH = [client, broken, circle, '.', 'relative', '', path].join(delimiter)
    expect((await findPostgres()).filter(({ version }) => version.major === 97)).toEqual([])
  })

  it('finds the npm package from a module or a folder of the host, without running it', async () => {
    const packageFolder = join(folder.path, 'node_modules', npmBinariesPackage)
    await mkdir(join(packageFolder, 'dist'), { recursive: true })
    await writeFile(join(packageFolder, 'package.json'), '{"version":"96.4.0-beta.17","exports":"./dist/index.js"}')
    await writeFile(join(packageFolder, 'dist', 'index.js'), '')
    const expected = {
      binFolder: join(packageFolder, 'native', 'bin'),
      version: { major: 96, text: '96.4' },
      origin: 'npm',
    }
    for (const resolveFrom of [folder.path, join(folder.path, 'server.mjs'), `file://${folder.path}/server.mjs`])
      expect(await findPostgres({ resolveFrom })).toContainEqual(expected)
  })

  it('ends when it is aborted', async () => {
    await expect(findPostgres({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})
