import type { Disk } from '@exprsn/core/disk'
import { SimulatedClock, type CrashWorkload, type SimulatedDisk } from '@exprsn/core/testing'
import { createRecord, type Sink } from '@exprsn/logs'
import { createLogStore, type LogStore, type LogStoreOptions } from '@exprsn/logs/store'
import { expect } from 'vitest'
import { mortalWorld } from '../simulations/log-wal/mortal.ts'
import { drive } from '../simulations/log-wal/simulate-logs.ts'
import { plainMatches, type PlainLine } from './plain-store.ts'

/** What the outside world was told. */
export type Told =
  | { readonly type: 'has'; readonly lines: readonly string[] }
  /** Lines that match may be gone from now on. */
  | { readonly type: 'begins to remove'; readonly text: string }
  | { readonly type: 'has removed'; readonly text: string }

/** What becomes of the manifest beyond what the disk lost; `any` by chance, the same for the same leftovers. */
export type Damage = 'none' | 'missing' | 'flipped' | 'any'

/** What a store is asked to do while the power may go at any call. */
export interface StoreWork {
  readonly options?: Partial<LogStoreOptions>
  run(store: LogStore, help: WorkHelp): Promise<void>
}

/** What {@link StoreWork} is given. */
export interface WorkHelp {
  readonly disk: Disk
  readonly clock: SimulatedClock
  readonly tell: (told: Told) => void
  /** Another process at the same folder. */
  neighbour(): LogStore
  /** Sends lines of a spool; they are owed when they are settled. */
  send(sink: Sink, lines: readonly string[]): Promise<void>
}

interface Recovered {
  readonly lines: readonly string[]
  readonly problems: readonly string[]
}

const path = '/store'
const start = Date.UTC(2026, 10, 20, 10)
export const minute = 60_000

/** Lines a minute apart. */
export function linesOf(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + index
    return JSON.stringify({ time: start + at * minute, user: `user${at % 3}`, took: at, msg: `line ${at} of many` })
  })
}

/** The work as something whose every call can be its last. */
export function crashWorkload(
  { options, run }: StoreWork,
  damage: Damage,
  bug: (disk: Disk) => Disk = (disk) => disk,
): CrashWorkload<Recovered, Told> {
  return {
    async run({ disk, clock, random, acknowledge }) {
      const base = { path, clock, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0, ...options } as const
      const open = (name: string): LogStore =>
        createLogStore({ ...base, disk: bug(mortalWorld(disk, clock).disk), random: random.fork(name) })
      const neighbours: LogStore[] = []
      const store = open('store')
      const help: WorkHelp = {
        disk,
        clock,
        tell: acknowledge,
        neighbour: () => neighbours[neighbours.push(open('neighbour')) - 1]!,
        async send(sink, lines) {
          const signal = new AbortController().signal
          const from = await sink.places!.positionOf('spool')
          const records = lines.slice(from - 1).map((line, index) => {
            return createRecord({ id: `spool-${from + index}`, bytes: Buffer.from(line), fallbackTime: start })
          })
          await sink.send({ records, id: 'spool' }, { signal, attempt: 1 })
          await sink.places!.settle({ signal, attempt: 1 })
          acknowledge({ type: 'has', lines })
        },
      }
      await run(store, help)
      for (const each of neighbours) await each.close()
      await store.close()
    },
    recover: (disk) => recover(disk, damage),
    check({ recovered: { lines, problems }, acknowledged }) {
      expect(problems).toEqual([])
      expect(new Set(lines).size).toBe(lines.length)
      const removable = acknowledged.flatMap((each) => (each.type === 'begins to remove' ? [each.text] : []))
      const removed = acknowledged.flatMap((each) => (each.type === 'has removed' ? [each.text] : []))
      const owed = acknowledged.flatMap((each) => (each.type === 'has' ? each.lines : []))
      const isOf = (texts: readonly string[], line: string): boolean => texts.some((text) => line.includes(text))
      expect(owed.filter((line) => !lines.includes(line) && !isOf(removable, line))).toEqual([])
      expect(lines.filter((line) => isOf(removed, line))).toEqual([])
    },
  }
}

/** Opens what is left and compares every answer with the plain one. */
async function recover(disk: SimulatedDisk, damage: Damage): Promise<Recovered> {
  damageManifest(disk, damage)
  const clock = new SimulatedClock({ now: start + 86_400_000 })
  const store = createLogStore({ path, disk, clock, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 })
  await drive(clock, store.flush())
  const problems: string[] = []
  for (const { name, problem } of await drive(clock, store.verify()))
    if (problem !== undefined) problems.push(`${name}: ${problem}`)
  const plain: PlainLine[] = []
  for await (const { text, time, sequence } of store.export()) plain.push({ text, time, sequence })
  for (const [query, filter] of questions) {
    const expected = plain.filter((line) => plainMatches(filter, line)).length
    const result = await drive(clock, store.query(`${query} | stats count()`))
    const count = result.kind === 'rows' ? result.rows[0]!.count : undefined
    if (count !== expected) problems.push(`${query} finds ${count} instead of ${expected}`)
  }
  const named = store.status().segments.map(({ name }) => name)
  await drive(clock, store.close())
  for (const [folder, needed] of [
    ['segments', named],
    ['wal', []],
    ['handover', []],
  ] as const)
    for (const { name } of disk.entriesSync(`${path}/${folder}`))
      // What was never finished in a folder of several processes goes when it is old.
      if (!(needed as readonly string[]).includes(name) && !name.startsWith('.exprsn-tmp-'))
        problems.push(`${folder}/${name} is left`)
  return { lines: plain.map(({ text }) => text), problems }
}

const damages = ['none', 'missing', 'flipped'] as const

function fingerprintOf(disk: SimulatedDisk, folder = '/'): number {
  return disk.entriesSync(folder).reduce((sum, { name, kind }) => {
    const entry = `${folder}/${name}`
    return sum + (kind === 'folder' ? 1 + fingerprintOf(disk, entry) : disk.statSync(entry).size)
  }, 0)
}

const questions = [
  ['many', { type: 'match', test: { type: 'phrase', text: 'many' } }],
  ['"line 7"', { type: 'match', test: { type: 'phrase', text: 'line 7' } }],
  ['user:=user1', { type: 'match', field: 'user', test: { type: 'equals', text: 'user1' } }],
] as const

function damageManifest(disk: SimulatedDisk, wanted: Damage): void {
  const damage = wanted === 'any' ? damages[fingerprintOf(disk) % damages.length]! : wanted
  if (damage === 'none' || !disk.entriesSync('/').some(({ name }) => name === 'store')) return
  const manifest = `${path}/manifest.json`
  if (!disk.entriesSync(path).some(({ name }) => name === 'manifest.json')) return
  if (damage === 'flipped') disk.flipBit(manifest)
  else {
    disk.removeFileSync(manifest)
    disk.fsyncFolderSync(path)
  }
}
