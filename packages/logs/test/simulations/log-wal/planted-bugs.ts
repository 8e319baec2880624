import type { Disk, DiskFile } from '@exprsn/core/disk'
import { createRecord, type LogRecord, type Sink } from '@exprsn/logs'
import { encodeSlot } from '../../../src/wal/checkpoint.ts'
import type { PlantedBug } from './simulate-logs.ts'

/** Mistakes between the shipper and its world, as if its own code made them: each alone must be found. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'a commit does not sync': { disk: (disk) => withFiles(disk, { fdatasync: async () => {} }) },
  'a new segment is not made durable in its folder': { disk: (disk) => ({ ...disk, fsyncFolder: async () => {} }) },
  'a write ends a byte too early': {
    disk: (disk) =>
      withFiles(disk, { write: ({ bytes, at }) => ({ at, bytes: isFrame(bytes) ? bytes.subarray(0, -1) : bytes }) }),
  },
  'frames are written one byte too far': {
    disk: (disk) => withFiles(disk, { write: ({ bytes, at }) => ({ bytes, at: isFrame(bytes) ? at + 1 : at }) }),
  },
  'checkpoints run ahead': {
    disk: (disk) =>
      withFiles(disk, {
        write: ({ path, bytes, at }) => ({ at, bytes: isCheckpoint(path) ? encodeSlot(sequenceOf(bytes) + 5) : bytes }),
      }),
  },
  'dead letters are forgotten': {
    disk: (disk) => withFiles(disk, { write: (call) => (isLetters(call.path) ? undefined : call) }),
  },
  'the segment after a delivered one is removed with it': {
    disk: (disk) => ({
      ...disk,
      async removeFile(path) {
        await disk.removeFile(path)
        const folder = String(path).slice(0, String(path).lastIndexOf('/'))
        const next = String(path).endsWith('.wal') ? segmentsOf(disk, folder)[0] : undefined
        if (next !== undefined) await disk.removeFile(`${folder}/${next}`)
      },
    }),
  },
  'the folder of a dead process is not adopted': { disk: (disk) => ({ ...disk, lock: async () => undefined }) },
  'the last segment of a folder is not seen': {
    disk: (disk) => ({
      ...disk,
      async *entries(path) {
        const last = segmentsOf(disk, String(path)).at(-1)
        for await (const entry of disk.entries(path)) if (entry.name !== last) yield entry
      },
    }),
  },
  'lines to send again count as taken': { sink: (sink) => withOutcome(sink, (outcome) => ({ ...outcome, retry: [] })) },
  'rejected lines count as taken': { sink: (sink) => withOutcome(sink, (outcome) => ({ ...outcome, rejected: [] })) },
  'the wrong lines are sent again': {
    sink: (sink) => withOutcome(sink, (outcome) => ({ ...outcome, retry: outcome.retry?.map((place) => place + 1) })),
  },
  'an outage counts as success': {
    sink: (sink) => ({ ...sink, send: (...call) => sink.send(...call).catch(() => ({})) }),
  },
  'a batch loses its last line': {
    sink: (sink) => withRecords(sink, (records) => records.slice(0, Math.max(1, records.length - 1))),
  },
  'an id is the place in a batch': {
    sink: (sink) =>
      withRecords(sink, (records) =>
        records.map(({ bytes, time }, index) => createRecord({ id: `${index + 1}`, bytes, fallbackTime: time })),
      ),
  },
  'each attempt has ids of its own': {
    sink(sink) {
      let attempts = 0
      return withRecords(sink, (records) => {
        attempts++
        return records.map(({ id, bytes, time }) =>
          createRecord({ id: `${id}/${attempts}`, bytes, fallbackTime: time }),
        )
      })
    },
  },
}

interface WriteCall {
  readonly path: string
  readonly bytes: Uint8Array
  readonly at: number
}

interface FileChanges {
  /** What is written instead; nothing for undefined. */
  readonly write?: (call: Pick<WriteCall, 'path' | 'bytes' | 'at'>) => Pick<WriteCall, 'bytes' | 'at'> | undefined
  readonly fdatasync?: () => Promise<void>
}

/** A disk whose files do something else. */
function withFiles(disk: Disk, { write = (call) => call, fdatasync }: FileChanges): Disk {
  const changed = (file: DiskFile): DiskFile =>
    new Proxy(file, {
      get(target, name) {
        if (name === 'fdatasync' && fdatasync !== undefined) return fdatasync
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'write' && name !== 'writeSync') return value.bind(target)
        return (bytes: Uint8Array, at: number): unknown => {
          const call = write({ path: String(target.path), bytes, at })
          return call === undefined ? Promise.resolve() : Reflect.apply(value, target, [call.bytes, call.at])
        }
      },
    })
  return {
    ...disk,
    open: async (...parameters) => changed(await disk.open(...parameters)),
    openSync: (...parameters) => changed(disk.openSync(...parameters)),
  }
}

function withOutcome(
  sink: Sink,
  change: (outcome: { retry?: readonly number[]; rejected?: readonly never[] }) => object,
): Sink {
  return { ...sink, send: async (...call) => change(((await sink.send(...call)) ?? {}) as never) }
}

function withRecords(sink: Sink, change: (records: readonly LogRecord[]) => readonly LogRecord[]): Sink {
  return { ...sink, send: (batch, context) => sink.send({ ...batch, records: change(batch.records) }, context) }
}

function isCheckpoint(path: string): boolean {
  return path.endsWith('.checkpoint')
}

function isLetters(path: string): boolean {
  return path.endsWith('.ndjson')
}

/** Longer than headers, checkpoints and seals are. */
function isFrame(bytes: Uint8Array): boolean {
  return bytes.length > 60
}

function sequenceOf(slot: Uint8Array): number {
  return Buffer.from(slot).readUIntLE(0, 6)
}

function segmentsOf(disk: Disk, folder: string): string[] {
  return disk
    .entriesSync(folder)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.wal'))
    .sort()
}
