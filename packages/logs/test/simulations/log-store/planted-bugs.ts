import type { Disk, DiskFile } from '@exprsn/core/disk'
import type { Sink } from '@exprsn/logs'
import type { PlantedBug } from './simulate-store.ts'

/** Mistakes as if the store's own code made them: each alone must be found. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'the log is not synced': { disk: (disk) => withFiles(disk, isWal, { fdatasync: async () => {} }) },
  'a new file of the log is not made durable in its folder': {
    disk: (disk) => ({
      ...disk,
      fsyncFolder: async (path) => (String(path).endsWith('/wal') ? undefined : disk.fsyncFolder(path)),
    }),
  },
  'a segment is not synced': { disk: (disk) => withFiles(disk, isSegment, { fsync: async () => {} }) },
  'a segment is not made durable in its folder': {
    disk: (disk) => ({
      ...disk,
      fsyncFolder: async (path) => (String(path).endsWith('/segments') ? undefined : disk.fsyncFolder(path)),
    }),
  },
  'the manifest is not synced': { disk: (disk) => withFiles(disk, isManifest, { fsync: async () => {} }) },
  'the manifest is not replaced': {
    disk: (disk) => ({
      ...disk,
      rename: async (from, to) => (isManifest(String(to)) ? undefined : disk.rename(from, to)),
    }),
  },
  'the new manifest is not made durable in its folder': {
    disk: (disk) => ({
      ...disk,
      fsyncFolder: async (path) => (String(path) === '/store' ? undefined : disk.fsyncFolder(path)),
    }),
  },
  'a write of the log ends a byte too early': {
    disk: (disk) => withFiles(disk, isWal, { write: (bytes) => bytes.subarray(0, -1) }),
  },
  'a bit of the log is turned over': {
    disk: (disk) =>
      withFiles(disk, isWal, {
        write(bytes) {
          const copy = Uint8Array.from(bytes)
          copy[copy.length - 3]! ^= 1
          return copy
        },
      }),
  },
  'a bit of a segment is turned over': {
    disk: (disk) =>
      withFiles(disk, isSegment, {
        write(bytes) {
          const copy = Uint8Array.from(bytes)
          if (copy.length > 100) copy[50]! ^= 1
          return copy
        },
      }),
  },
  'the log is removed as soon as it is ended': {
    disk: (disk) => ({
      ...disk,
      async open(path, mode, options) {
        if (isSegment(String(path)) && mode === 'truncate')
          for (const { name } of disk.entriesSync('/store/wal')) disk.removeFileSync(`/store/wal/${name}`)
        return disk.open(path, mode, options)
      },
    }),
  },
  'the log is never removed': {
    disk: (disk) => ({
      ...disk,
      removeFile: async (path) => (isWal(String(path)) ? undefined : disk.removeFile(path)),
    }),
  },
  'old segments are not removed': {
    disk: (disk) => ({
      ...disk,
      removeFile: async (path) => (isSegment(String(path)) ? undefined : disk.removeFile(path)),
    }),
  },
  'the last file of the log is not seen': {
    disk: (disk) => ({
      ...disk,
      async *entries(path) {
        const names = disk.entriesSync(path).map(({ name }) => name)
        const last = String(path).endsWith('/wal') ? names.sort().at(-1) : undefined
        for await (const entry of disk.entries(path)) if (entry.name !== last) yield entry
      },
    }),
  },
  'nobody becomes the writer': { disk: (disk) => ({ ...disk, lock: async () => undefined }) },
  'a place in the spool is one line ahead': {
    sink: (sink) => withPlaces(sink, { positionOf: async (source) => (await sink.places!.positionOf(source)) + 1 }),
  },
  'nothing is settled': { sink: (sink) => withPlaces(sink, { settle: async () => {} }) },
  'a batch of the spool loses its last line': {
    sink: (sink) => ({
      ...sink,
      send: (batch, context) =>
        sink.send({ ...batch, records: batch.records.slice(0, Math.max(1, batch.records.length - 1)) }, context),
    }),
  },
  'deleting removes nothing': { store: (store) => ({ ...plain(store), delete: async () => 0 }) },
  'lines that were acknowledged are given to nobody': {
    store: (store) => ({
      ...plain(store),
      append: async (lines) => (Array.isArray(lines) ? store.append(lines.slice(1)) : undefined),
    }),
  },
}

interface FileChanges {
  readonly write?: (bytes: Uint8Array) => Uint8Array
  readonly fdatasync?: () => Promise<void>
  readonly fsync?: () => Promise<void>
}

function withFiles(disk: Disk, concerns: (path: string) => boolean, changes: FileChanges): Disk {
  const changed = (file: DiskFile): DiskFile =>
    new Proxy(file, {
      get(target, name) {
        if (name === 'fdatasync' && changes.fdatasync !== undefined) return changes.fdatasync
        if (name === 'fsync' && changes.fsync !== undefined) return changes.fsync
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name !== 'write' || changes.write === undefined) return value.bind(target)
        return (bytes: Uint8Array, at: number): unknown => Reflect.apply(value, target, [changes.write!(bytes), at])
      },
    })
  return {
    ...disk,
    async open(path, mode, options) {
      const file = await disk.open(path, mode, options)
      return concerns(String(path)) ? changed(file) : file
    },
  }
}

function withPlaces(sink: Sink, changes: Partial<NonNullable<Sink['places']>>): Sink {
  return { ...sink, places: { ...sink.places!, ...changes } }
}

/** An object of functions: those of a class are not copied with it. */
function plain<Target extends object>(target: Target): Target {
  return new Proxy(
    {},
    {
      ownKeys: () =>
        [...Reflect.ownKeys(Object.getPrototypeOf(target) as object), ...Reflect.ownKeys(target)].filter(
          (key) => key !== 'constructor',
        ),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get(_, name) {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    },
  ) as Target
}

function isWal(path: string): boolean {
  return path.endsWith('.wal')
}

function isSegment(path: string): boolean {
  return path.endsWith('.seg')
}

/** Under its own name, or under the temporary one that it is written to. */
function isManifest(path: string): boolean {
  return path.endsWith('/manifest.json') || /^\/store\/\.exprsn-tmp-[^/]*$/.test(path)
}
