import type { Disk, DiskFile } from '@exprsn/core/disk'
import type { Sink } from '@exprsn/logs'
import type { PlantedBug } from './simulate-hand-over.ts'

/** Mistakes as if the store's own code made them: each alone must be found. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'what is handed over is not made durable in its folder': {
    disk: (disk) => ({
      ...disk,
      fsyncFolder: async (path) => (isNamed(path, '/handover') ? undefined : disk.fsyncFolder(path)),
    }),
  },
  'what is handed over is not synced': {
    disk: (disk) => withHandedFiles(disk, (file) => ({ fsync: async () => {}, write: file.write.bind(file) })),
  },
  'what is handed over loses its last byte': {
    disk: (disk) =>
      withHandedFiles(disk, (file) => ({
        fsync: file.fsync.bind(file),
        write: (bytes, at) => file.write(bytes.subarray(0, -1), at),
      })),
  },
  'a bit of what is handed over is turned over': {
    disk: (disk) =>
      withHandedFiles(disk, (file) => ({
        fsync: file.fsync.bind(file),
        write(bytes, at) {
          const copy = Uint8Array.from(bytes)
          copy[copy.length - 1]! ^= 1
          return file.write(copy, at)
        },
      })),
  },
  'what is handed over goes as soon as it is read': {
    disk: (disk) => ({
      ...disk,
      async open(path, mode, flags) {
        const file = await disk.open(path, mode, flags)
        if (isNamed(path, '.lines')) disk.removeFileSync(path)
        return file
      },
    }),
  },
  'what is handed over never goes': {
    disk: (disk) => ({
      ...disk,
      removeFile: async (path) => (isNamed(path, '.lines') ? undefined : disk.removeFile(path)),
    }),
  },
  'what is handed over does not get its name': {
    disk: (disk) => ({
      ...disk,
      rename: async (from, to) => (isNamed(to, '.lines') ? undefined : disk.rename(from, to)),
    }),
  },
  'what is handed over is there twice': {
    disk: (disk) => ({
      ...disk,
      async rename(from, to) {
        await disk.rename(from, to)
        if (isNamed(to, '.lines')) await disk.link(to, String(to).replace('.lines', '0.lines'))
      },
    }),
  },
  'the last that was handed over is not seen': {
    disk: (disk) => ({
      ...disk,
      async *entries(path) {
        const names = disk.entriesSync(path).map(({ name }) => name)
        const last = isNamed(path, '/handover') ? names.sort().at(-1) : undefined
        for await (const entry of disk.entries(path)) if (entry.name !== last) yield entry
      },
    }),
  },
  'what others have begun to write is thought to be there still when it is looked at': {
    disk: (disk) => ({
      ...disk,
      stat: (path) =>
        disk.stat(path).catch((cause: unknown) => {
          throw String(path).startsWith('/store/handover/') ? new Error(`${String(path)} is gone`, { cause }) : cause
        }),
    }),
  },
  'the manifest forgets what was handed over': {
    disk: (disk) => ({
      ...disk,
      async open(path, mode, flags) {
        const file = await disk.open(path, mode, flags)
        return isNamed(path, '/manifest.json') ? forgetful(file) : file
      },
    }),
  },
  'everybody writes': { disk: (disk) => ({ ...disk, lock: async () => ({ release: async () => {} }) }) },
  'nobody writes': { disk: (disk) => ({ ...disk, lock: async () => undefined }) },
  'a place in a spool is one line ahead': {
    sink: (sink) => withPlaces(sink, { positionOf: async (source) => (await sink.places!.positionOf(source)) + 1 }),
  },
  'a batch of a spool loses its last line': {
    sink: (sink) => ({
      ...sink,
      send: (batch, context) => sink.send({ ...batch, records: batch.records.slice(0, -1) }, context),
    }),
  },
}

function withHandedFiles(disk: Disk, change: (file: DiskFile) => Pick<DiskFile, 'write' | 'fsync'>): Disk {
  return {
    ...disk,
    async open(path, mode, flags) {
      const file = await disk.open(path, mode, flags)
      if (!String(path).startsWith('/store/handover/') || mode === 'read') return file
      const changes = change(file)
      return new Proxy(file, {
        get(target, name) {
          if (name === 'write' || name === 'fsync') return changes[name]
          const value: unknown = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}

/** Reads of a manifest find another field in the place of the names of what was handed over. */
function forgetful(file: DiskFile): DiskFile {
  return new Proxy(file, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name !== 'read') return value.bind(target)
      return async (bytes: Uint8Array, at: number): Promise<number> => {
        const count = await target.read(bytes, at)
        const text = Buffer.from(bytes.subarray(0, count)).toString('latin1')
        const changed = text.replace('"handedOver"', '"handedOvex"').replace('"check"', '"chekc"')
        bytes.set(Buffer.from(changed, 'latin1'))
        return count
      }
    },
  })
}

function withPlaces(sink: Sink, changes: Partial<NonNullable<Sink['places']>>): Sink {
  return { ...sink, places: { ...sink.places!, ...changes } }
}

function isNamed(path: string | Uint8Array, ending: string): boolean {
  return String(path).endsWith(ending)
}
