import { crc32 } from 'node:zlib'
import type { Disk, DiskFile } from '../../src/disk/disk.ts'
import { exists } from '../../src/disk/exists.ts'
import { readFile } from '../../src/disk/read-file.ts'
import type { SimulatedDisk } from '../../src/testing/disk/simulated-disk.ts'
import type { CrashContext, CrashOutcome, CrashWorkload } from '../../src/testing/crash/crash-workload.ts'

/** Mistakes that people make in code of this kind, each to be switched on alone. */
export const plantedBugs = [
  'append not synced',
  'sync of the folder instead of the file',
  'acknowledged before the sync',
  'acknowledged before the append',
  'folder not synced after the log was made',
  'checkpoint not synced before the rename',
  'folder not synced after the rename',
  'checkpoint written in place',
  'log emptied before the checkpoint is renamed',
  'truncation not synced',
  'checksum not checked on replay',
  'length not checked on replay',
  'sequence not checked on replay',
  'torn tail not cut by recovery',
  'recovery empties the log before its checkpoint',
] as const

/** One of {@link plantedBugs}. */
export type PlantedBug = (typeof plantedBugs)[number]

/** How many additions there were, and their sum. */
export interface Totals {
  readonly count: number
  readonly sum: number
}

/** What a start of the small database finds. */
export interface Opened extends Totals {
  /** Where the next record goes. */
  readonly end: number
}

type Has = (bug: PlantedBug) => boolean

const logPath = '/data/log'
const checkpointPath = '/data/checkpoint'
const temporaryPath = '/data/checkpoint.new'
const additions = 9
const checkpointEvery = 4
const compactAbove = 2

/**
 * A small database. Additions go to a write-ahead log, and every few of them a checkpoint takes the totals and the log
 * starts anew; at the end the last addition is taken back by cutting the log. A start replays the log, cuts a torn tail
 * and makes a checkpoint when the log is long.
 */
export function writeAheadLog(bug?: PlantedBug): CrashWorkload<Opened, Totals> {
  const has: Has = (name) => name === bug
  return {
    prepare: (disk) => disk.makeFolder('/data'),
    run: (context) => run(context, has),
    recover: (disk) => recover(disk, has),
    check: (outcome) => check(outcome, has),
  }
}

async function run({ disk, random, acknowledge }: CrashContext<Totals>, has: Has): Promise<void> {
  const log = await disk.open(logPath, 'create')
  if (!has('folder not synced after the log was made')) await disk.fsyncFolder('/data')
  let end = 0
  let before = 0
  for (let count = 1; count <= additions; count++) {
    const record = encode(count, amountOf(count), 300 + (random.uint32() % 500))
    if (has('acknowledged before the append')) acknowledge(totalsAfter(count))
    await log.write(record, end)
    if (has('acknowledged before the sync')) acknowledge(totalsAfter(count))
    if (has('sync of the folder instead of the file')) await disk.fsyncFolder('/data')
    else if (!has('append not synced')) await log.fdatasync()
    if (!has('acknowledged before the append') && !has('acknowledged before the sync')) acknowledge(totalsAfter(count))
    before = end
    end += record.length
    if (count % checkpointEvery !== 0) continue
    await checkpoint(disk, log, totalsAfter(count), has, has('log emptied before the checkpoint is renamed'))
    end = 0
  }
  await cut(log, before, has)
  acknowledge(totalsAfter(additions - 1))
  await log.close()
}

async function checkpoint(disk: Disk, log: DiskFile, totals: Totals, has: Has, emptyFirst: boolean): Promise<void> {
  if (emptyFirst) await cut(log, 0, has)
  const path = has('checkpoint written in place') ? checkpointPath : temporaryPath
  const file = await disk.open(path, 'truncate')
  await file.write(encode(totals.count, totals.sum, 700), 0)
  if (!has('checkpoint not synced before the rename')) await file.fsync()
  await file.close()
  if (path === temporaryPath) await disk.rename(temporaryPath, checkpointPath)
  if (!has('folder not synced after the rename')) await disk.fsyncFolder('/data')
  await cut(log, 0, has)
}

async function cut(log: DiskFile, size: number, has: Has): Promise<void> {
  await log.truncate(size)
  if (!has('truncation not synced')) await log.fsync()
}

async function recover(disk: SimulatedDisk, has: Has): Promise<Opened> {
  const saved = await contentOf(disk, checkpointPath)
  const state = saved.length > 0 ? decode(saved, 0, has) : { sequence: 0, amount: 0 }
  if (state === undefined) throw new Error('the checkpoint is damaged')
  const bytes = await contentOf(disk, logPath)
  let { sequence: count, amount: sum } = state
  let end = 0
  for (let record = decode(bytes, end, has); record !== undefined; record = decode(bytes, end, has)) {
    end += record.size
    if (record.sequence !== count + 1 && !has('sequence not checked on replay')) continue
    count++
    sum += record.amount
  }
  if (has('torn tail not cut by recovery')) return { count, sum, end: bytes.length }
  const log = await disk.open(logPath, 'create')
  if (end < bytes.length) await cut(log, end, has)
  const long = count - state.sequence > compactAbove
  if (long) await checkpoint(disk, log, { count, sum }, has, has('recovery empties the log before its checkpoint'))
  await log.close()
  return { count, sum, end: long ? 0 : end }
}

/** One state of the history may follow the last acknowledged one; and the database must go on working. */
async function check({ disk, recovered, acknowledged }: CrashOutcome<Opened, Totals>, has: Has): Promise<void> {
  const history = [
    ...Array.from({ length: additions + 1 }, (_, count) => totalsAfter(count)),
    totalsAfter(additions - 1),
  ]
  const possible = history.slice(acknowledged.length, acknowledged.length + 2)
  if (!possible.some(({ count, sum }) => count === recovered.count && sum === recovered.sum))
    throw new Error(`${acknowledged.length} acknowledged, found ${recovered.count} that make ${recovered.sum}`)
  const next = recovered.count + 1
  const log = await disk.open(logPath, 'create')
  await log.write(encode(next, amountOf(next), 64), recovered.end)
  await log.close()
  const again = await recover(disk, has)
  if (again.count !== next) throw new Error(`the addition after recovery is lost: ${again.count} of ${next}`)
}

async function contentOf(disk: Disk, path: string): Promise<Uint8Array> {
  return (await exists(disk, path)) ? readFile(disk, path) : new Uint8Array()
}

const headerSize = 12
const amountSize = 8

/** Length, CRC-32 of what follows it, sequence number (4 bytes each), padding, amount (8 bytes). */
function encode(sequence: number, amount: number, padding: number): Uint8Array {
  const record = Buffer.alloc(headerSize + padding + amountSize, sequence)
  record.writeUInt32LE(record.length, 0)
  record.writeUInt32LE(sequence, 8)
  record.writeDoubleLE(amount, record.length - amountSize)
  record.writeUInt32LE(crc32(record.subarray(8)), 4)
  return record
}

interface Decoded {
  readonly sequence: number
  readonly amount: number
  readonly size: number
}

function decode(bytes: Uint8Array, at: number, has: Has): Decoded | undefined {
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
  if (rest.length < headerSize + amountSize) return undefined
  const size = rest.readUInt32LE(0)
  const short = size > rest.length
  if (size < headerSize + amountSize || (short && !has('length not checked on replay'))) return undefined
  const record = rest.subarray(0, size)
  if (!short && !has('checksum not checked on replay') && crc32(record.subarray(8)) !== record.readUInt32LE(4))
    return undefined
  return {
    sequence: record.readUInt32LE(8),
    amount: record.readDoubleLE(record.length - amountSize),
    size: record.length,
  }
}

/** Powers of two: a sum tells which amounts are in it, and how often. */
function amountOf(sequence: number): number {
  return 2 ** sequence
}

function totalsAfter(count: number): Totals {
  return { count, sum: 2 ** (count + 1) - 2 }
}
