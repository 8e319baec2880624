import type { Disk } from '@exprsn/core/disk'
import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import type { Role, Sabotage } from './run-seed.ts'

/** A bug on purpose. */
export interface PlantedBug {
  readonly bug: string
  readonly sabotage: () => Sabotage
  /** A seed that finds it: looked at before the others, which saves the time of those that do not. @default 1 */
  readonly seed?: number | undefined
}

/** Every one of them must be found by the seeds that the tests run. */
export const plantedBugs: readonly PlantedBug[] = [
  { bug: 'the snapshot is acknowledged but never stored', sabotage: () => dropPut('snapshots/', 'archive', 3) },
  { bug: 'a pack is acknowledged but never stored', sabotage: () => dropPut('data/', 'archive', 4) },
  { bug: 'an index is acknowledged but never stored', sabotage: () => dropPut('index/', 'archive', 4) },
  { bug: 'the old snapshot goes before the new one is there', sabotage: () => ({ store: forgetFirst }) },
  { bug: 'the old snapshot never goes', sabotage: () => ({ store: (store) => keep(store, 'snapshots/') }) },
  { bug: 'an archiver does not register', sabotage: () => dropPut('x-exprsn/sessions/', 'archive', 1), seed: 8 },
  { bug: 'a prune looks at no sessions', sabotage: () => ({ store: blindToSessions }), seed: 18 },
  { bug: 'a prune overlooks the newest snapshot', sabotage: () => ({ store: withoutNewest }) },
  { bug: 'the spool is tidied before anything is stored', sabotage: () => ({ disk: tidyOnRead }) },
  { bug: 'the spool is never tidied', sabotage: () => ({ disk: (disk) => ({ ...disk, removeFile: async () => {} }) }) },
  { bug: 'half of a segment is read', sabotage: () => ({ disk: halfRead }) },
  { bug: 'an archiver forgets what it stored before', sabotage: () => ({ memory: withoutOldest }) },
  { bug: 'a trim takes one segment too many', sabotage: () => ({ unneeded: tooMany() }), seed: 6 },
]

function dropPut(prefix: string, wanted: Role, every: number): Sabotage {
  let puts = 0
  return {
    store: (store, role) => ({
      ...store,
      put: async (key, body, options) => {
        if (role !== wanted || !key.startsWith(prefix) || ++puts % every !== 0) return store.put(key, body, options)
        const now = await store.put('x-ignored', body)
        await store.delete('x-ignored')
        return { ...now, key }
      },
    }),
  }
}

function forgetFirst(store: ObjectStore, role: Role): ObjectStore {
  if (role !== 'archive') return store
  return {
    ...store,
    put: async (key, body, options) => {
      if (key.startsWith('snapshots/'))
        for await (const { key: old } of store.list({ prefix: 'snapshots/' })) await store.delete(old)
      return store.put(key, body, options)
    },
  }
}

function keep(store: ObjectStore, prefix: string): ObjectStore {
  return {
    ...store,
    delete: async (key, options) => (key.startsWith(prefix) ? undefined : store.delete(key, options)),
  }
}

function blindToSessions(store: ObjectStore, role: Role): ObjectStore {
  return role === 'prune' ? changeList(store, 'x-exprsn/sessions/', () => []) : store
}

function withoutNewest(store: ObjectStore, role: Role): ObjectStore {
  if (role !== 'prune') return store
  return changeList(store, 'snapshots/', (all) => {
    const newest = Math.max(...all.map(({ modifiedAt }) => modifiedAt.getTime()))
    return all.filter(({ modifiedAt }) => modifiedAt.getTime() !== newest)
  })
}

function changeList(store: ObjectStore, prefix: string, change: (all: ObjectInfo[]) => ObjectInfo[]): ObjectStore {
  return {
    ...store,
    async *list(options) {
      const all: ObjectInfo[] = []
      for await (const info of store.list(options)) all.push(info)
      yield* options?.prefix === prefix ? change(all) : all
    },
  }
}

function tidyOnRead(disk: Disk): Disk {
  const reads = new Map<string, number>()
  return {
    ...disk,
    async open(path, mode, options) {
      const file = await disk.open(path, mode, options)
      const count = (reads.get(String(path)) ?? 0) + 1
      reads.set(String(path), count)
      if (mode !== 'read' || count < 2) return file
      return {
        ...file,
        stat: () => file.stat(),
        read: (buffer, position) => file.read(buffer, position),
        close: async () => {
          await file.close()
          await disk.removeFile(path)
        },
      } as typeof file
    },
  }
}

function halfRead(disk: Disk): Disk {
  return {
    ...disk,
    async open(path, mode, options) {
      const file = await disk.open(path, mode, options)
      return {
        ...file,
        stat: () => file.stat(),
        close: () => file.close(),
        read: async (buffer: Uint8Array, position: number) => {
          const length = await file.read(buffer, position)
          if (length > 100_000) buffer.fill(0, 8, 60)
          return length
        },
      } as typeof file
    },
  }
}

function withoutOldest(archive: NonNullable<Parameters<NonNullable<Sabotage['memory']>>[0]>): typeof archive {
  return { ...archive, segments: new Map([...archive.segments].slice(1)) }
}

function tooMany(): NonNullable<Sabotage['unneeded']> {
  let seen = 0
  return () => ++seen % 9 === 0
}
