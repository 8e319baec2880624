import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { describe, expect, it, type TestContext } from 'vitest'
import { fetchWal, pushWal } from './archive-client.ts'
import { createArchiveHandler } from './archive-handler.ts'
import { createArchiveServer, type ArchiveServerOptions } from './archive-server.ts'
import { runArchiveCommand } from './run-archive-command.ts'

const name = '00000002.history'
const token = 'a token of enough length'

async function started(context: TestContext, options: Partial<ArchiveServerOptions> = {}) {
  const folder = await makeTemporaryFolder(systemDisk, { prefix: 'archive-' })
  const path = join(folder, 'file')
  await writeFile(path, 'a history')
  const server = createArchiveServer({ store: memoryStore(), listen: { socket: join(folder, 'wal.sock') }, ...options })
  await server.start()
  context.onTestFinished(async () => {
    await server.close()
    await removeTree(systemDisk, folder)
  })
  return { server, folder, path }
}

/** Exit code and words of the program. */
async function run(programArguments: readonly string[], environment: Record<string, string> = {}) {
  const said: string[] = []
  const code = await runArchiveCommand({ programArguments, environment, say: (text) => said.push(text) })
  return { code, text: said.join('\n') }
}

describe('the archive server', () => {
  it('takes and gives files through a socket', async (context) => {
    const { server, folder, path } = await started(context)
    const { address } = server
    expect((await run(['push', path, name, '--address', address])).code).toBe(0)
    const into = join(folder, 'fetched')
    expect(await run(['fetch', name, into], { EXPRSN_WAL_ADDRESS: address })).toEqual({ code: 0, text: '' })
    expect(Buffer.from(await (await import('node:fs/promises')).readFile(into)).toString()).toBe('a history')
    expect((await systemDisk.stat(address.slice(5))).mode & 0o777).toBe(0o660)
  })

  it('takes them through a port with a token only', async (context) => {
    const { server, folder, path } = await started(context, { listen: { port: 0 }, token })
    const { address } = server
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, `${token}\n`)
    expect((await run(['push', path, name, '--address', address])).code).toBe(1)
    expect(
      (await run(['push', path, name, '--address', address], { EXPRSN_WAL_TOKEN: 'another token, wrong' })).code,
    ).toBe(1)
    expect((await run(['push', path, name, '--address', address, '--token-file', tokenFile])).code).toBe(0)
    expect(
      (await run(['fetch', name, join(folder, 'x'), '--address', address], { EXPRSN_WAL_TOKEN: token })).code,
    ).toBe(0)
    expect(() => createArchiveServer({ store: memoryStore(), listen: { port: 0 } })).toThrow('a port needs one')
    expect(() => createArchiveHandler({ store: memoryStore(), token: 'short' })).toThrow('shorter than 16')
  })

  it('tells a recovery that a file is not there from not knowing', async (context) => {
    let broken = false
    const inner = memoryStore()
    const store: ObjectStore = {
      ...inner,
      get: (...args) => (broken ? Promise.reject(new Error('no store')) : inner.get(...args)),
    }
    const { server, folder, path } = await started(context, { store })
    const { address } = server
    const into = join(folder, 'fetched')
    const fetch = (...rest: string[]) => run(['fetch', name, into, ...rest])
    expect((await fetch('--address', address)).code).toBe(1)
    broken = true
    expect((await fetch('--address', address)).code).toBe(255)
    broken = false
    expect((await fetch('--address', 'unix:/nowhere.sock')).text).toContain('BACKUP_ARCHIVE_UNREACHABLE')
    for (const wrong of [
      [],
      ['--address'],
      ['--adress', address],
      ['--address', 'ftp://x'],
      ['--token-file', '/nowhere'],
    ])
      expect((await fetch(...wrong)).code, wrong.join(' ')).toBe(255)
    expect((await run(['fetch', name])).code).toBe(255)
    expect((await run([])).code).toBe(2)
    expect((await run(['push', path, 'RECOVERYXLOG', '--address', address])).text).toContain(
      'is no file of a write-ahead log',
    )
    expect((await run(['push', join(folder, 'nothing'), name, '--address', address])).code).toBe(1)
    await expect(systemDisk.stat(into)).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
  })

  it('takes the place of a server that was killed, and of no other', async (context) => {
    const { server, path } = await started(context)
    const socket = server.address.slice(5)
    const second = createArchiveServer({ store: memoryStore(), listen: { socket } })
    await expect(second.start()).rejects.toMatchObject({ code: 'BACKUP_ARCHIVE_OPTION_INVALID' })
    await pushWal(path, name, { address: server.address })
    expect(await fetchWal(name, `${path}-2`, { address: server.address })).toBe(true)
    await second.close()
    await server.close()
    await server.close()
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(pushWal(path, name, { address: server.address, signal: stop.signal })).rejects.toThrow('enough')
  })
})
