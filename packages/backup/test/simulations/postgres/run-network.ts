import { join } from 'node:path'
import {
  createWalReceiver,
  emitMarker,
  receiveBaseBackup,
  scanWal,
  verifyBackup,
  type PostgresConnector,
  type WalReceiver,
} from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { ExprsnError, randomBelow, sleep } from '@exprsn/core'
import { exists, readFile, systemDisk, type Disk } from '@exprsn/core/disk'
import {
  createFaultProxy,
  randomProxyFaults,
  SeededRandom,
  type FaultProxy,
  type SimulationResult,
} from '@exprsn/core/testing'
import { majors, startSource, value, type Source } from '../../source.ts'

/** Faults that the receiver meets at least. */
const leastHits = 2
const kinds = ['cut', 'reset', 'black-hole', 'half-open'] as const

/** What is made worse on purpose, to see whether it is found. */
export interface NetworkSabotage {
  /** What is looked at. @default both */
  readonly only?: 'receiver' | 'base' | undefined
  readonly disk?: ((disk: Disk) => Disk) | undefined
  readonly connector?: ((connector: PostgresConnector) => PostgresConnector) | undefined
}

/** Cuts the network between a real server and us at random bytes, and looks whether everything came all the same. */
export async function runNetwork(seed: number, sabotage: NetworkSabotage = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const major = majors[randomBelow(random, majors.length)]!
  await using source = await startSource(major, { wal_keep_size: '1GB', max_wal_size: '1GB' }, true, 'tcp')
  const { host, port } = source.server.connection
  await using proxy = createFaultProxy({ target: { host, port }, random: random.fork(1) })
  await proxy.start()
  const connector = (sabotage.connector ?? same)(connectorBehind(source, proxy))
  const cut: Cut = { source, proxy, connector, disk: (sabotage.disk ?? same)(systemDisk) }
  const violations: string[] = []
  if (sabotage.only !== 'base') violations.push(...(await cutReceiver(cut, random)))
  if (sabotage.only !== 'receiver') violations.push(...(await cutBaseBackup(cut)))
  const faults = Object.fromEntries(Object.entries(proxy.hits).map(([name, hits]) => [name.split('/')[0]!, hits]))
  return { faults, violations: violations.map((text) => `PostgreSQL ${major}: ${text}`) }
}

interface Cut {
  readonly source: Source
  readonly proxy: FaultProxy
  readonly connector: PostgresConnector
  readonly disk: Disk
}

function same<Value>(value: Value): Value {
  return value
}

function connectorBehind({ server }: Source, proxy: FaultProxy) {
  const address = proxy.address as { host: string; port: number }
  return postgresConnector({ ...server.connection, ...address, serverTimeout: '200ms' })
}

async function cutReceiver({ source, proxy, connector, disk }: Cut, random: SeededRandom): Promise<string[]> {
  const { sql, folder, server } = source
  const into = join(folder, 'wal')
  await sql.query('create table events (id bigint, payload text)')
  await using receiver = createWalReceiver({
    ...{ connector, disk, slot: 'cut', into, statusInterval: '50ms', serverTimeout: '500ms' },
  })
  await receiver.start()
  const first = receiver.position().received
  // Reserved by the server itself, before anything was acknowledged.
  const reserved = await slotPosition(sql)
  // From here on each connection but every tenth or so has a fault somewhere in its first megabytes.
  proxy.setFaults(randomProxyFaults({ probability: 0.9, kinds, directions: ['to-client'], maximumBytes: 5_000_000 }))
  proxy.resetAll()
  const rounds = 6 + randomBelow(random, 6)
  let marker = await write(sql, rounds, random)
  // The receiver comes back on its own after each fault: more is written until it has had its share of them.
  while (hitsOf(proxy) < leastHits) {
    const { state, error } = receiver.position()
    if (state === 'failed') return [`the receiver has failed: ${error?.message}`]
    if (receiver.position().durable >= marker) marker = await write(sql, 2, random)
    await sleep(20)
  }
  // What was acknowledged must be here, whatever the connection does now.
  const acknowledged = await slotPosition(sql)
  const violations: string[] = []
  if (acknowledged > reserved && acknowledged > (await storedUntil(into, receiver)))
    violations.push('the slot is ahead of what is stored')
  proxy.setFaults([])
  proxy.resetAll()
  // The segment with the marker becomes whole.
  await sql.query('select pg_switch_wal()')
  await receiver.waitFor(await emitMarker(sql), { timeout: '120s' })
  await receiver.stop()

  const { ranges, gaps } = await scanWal({ folder: into })
  if (gaps.length > 0 || ranges.length !== 1)
    violations.push(`there are ${gaps.length} gaps in ${ranges.length} ranges`)
  const [range] = ranges
  if (range === undefined || range.start > first || range.end < marker) return [...violations, 'WAL is missing']
  for (const { name } of range.segments) {
    const original = join(server.dataFolder, 'pg_wal', name)
    if (!(await exists(systemDisk, original)) || !(await exists(systemDisk, join(into, name)))) continue
    const stored = await readFile(systemDisk, join(into, name))
    if (Buffer.compare(await readFile(systemDisk, original), stored) !== 0) violations.push(`segment ${name} differs`)
  }
  return violations
}

/** Inserts as often as that; the position behind it. */
async function write(sql: Source['sql'], rounds: number, random: SeededRandom): Promise<bigint> {
  for (let round = 0; round < rounds; round++)
    await sql.query(
      `insert into events select n, repeat(md5(n::text), ${1 + randomBelow(random, 60)}) from generate_series(1, 3000) n`,
    )
  return emitMarker(sql)
}

async function slotPosition(sql: Source['sql']): Promise<bigint> {
  return BigInt(String(await value(sql, `select (restart_lsn - '0/0')::text from pg_replication_slots`)))
}

function hitsOf(proxy: FaultProxy): number {
  return Object.values(proxy.hits).reduce((sum, hits) => sum + hits, 0)
}

/** How far the folder goes, looked at twice: a listing may miss a file that is renamed meanwhile. */
async function storedUntil(folder: string, receiver: WalReceiver): Promise<bigint> {
  const [once, again] = [await endOf(folder, receiver), await endOf(folder, receiver)]
  return once > again ? once : again
}

async function endOf(folder: string, receiver: WalReceiver): Promise<bigint> {
  const { ranges } = await scanWal({ folder })
  const last = ranges.at(-1)
  return last === undefined ? receiver.position().durable : last.end + (last.partial === undefined ? 0n : 1n << 24n)
}

async function cutBaseBackup({ source, proxy, connector, disk }: Cut): Promise<string[]> {
  const violations: string[] = []
  proxy.setFaults(randomProxyFaults({ probability: 1, kinds, directions: ['to-client'], maximumBytes: 20_000_000 }))
  for (let attempt = 0; attempt < 3; attempt++) {
    const into = join(source.folder, `base-${attempt}`)
    try {
      await receiveBaseBackup({ connector, into, disk })
      violations.push(`base backup ${attempt} came through a cut connection`)
    } catch (error) {
      const known = ExprsnError.is(error) && error.retryable && error.code.startsWith('BACKUP_POSTGRES_')
      if (!known) violations.push(`a cut base backup ends with ${String(error)}`)
      if ((await exists(systemDisk, into)) || (await exists(systemDisk, `${into}.partial`)))
        violations.push('a cut base backup leaves something behind')
    }
  }
  proxy.setFaults([])
  const into = join(source.folder, 'base')
  await receiveBaseBackup({ connector, into, disk })
  const { problems } = await verifyBackup({ folder: into })
  return problems.length === 0 ? violations : [...violations, `the base backup has ${problems.length} problems`]
}
