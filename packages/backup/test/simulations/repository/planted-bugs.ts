import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import type { Role, Sabotage } from './run-seed.ts'

/** One promise broken on purpose, by changing what goes to the store or comes from it. */
export interface PlantedBug {
  readonly bug: string
  readonly sabotage: Sabotage
  /** Where the seeds begin, for those that few of them find. @default 1 */
  readonly from?: number | undefined
}

/** Every one of them must be found by the seeds that the tests run. */
export const plantedBugs: readonly PlantedBug[] = [
  { bug: 'a pack is acknowledged but never stored', sabotage: dropPut('data/', { role: 'backup', every: 5 }) },
  { bug: 'an index is acknowledged but never stored', sabotage: dropPut('index/', { role: 'backup', every: 4 }) },
  { bug: 'half a pack is stored', sabotage: halvePut('data/', 7) },
  {
    bug: 'the snapshot is acknowledged but never stored',
    sabotage: dropPut('snapshots/', { role: 'backup', every: 4 }),
  },
  { bug: 'a backup does not register', sabotage: dropPut('x-exprsn/sessions/', { role: 'backup' }) },
  { bug: 'a prune looks at no sessions', sabotage: emptyList('x-exprsn/sessions/', 'prune') },
  {
    bug: 'a backup counts on packs that are about to go',
    sabotage: emptyList('x-exprsn/fossils/', 'backup'),
    from: 385,
  },
  {
    bug: 'a backup that stood still does not look whether it was declared dead',
    sabotage: blindHead('x-exprsn/dead/'),
    from: 95,
  },
  { bug: 'a prune overlooks the newest snapshot', sabotage: forgetLast('snapshots/') },
  { bug: 'a prune does not write the index of what it copied', sabotage: dropPut('index/', { role: 'prune' }) },
  { bug: 'a prune does not store what it copied', sabotage: dropPut('data/', { role: 'prune' }) },
  { bug: 'an old index stays when its packs go', sabotage: dropDelete('index/') },
  { bug: 'packs that were found to be unneeded stay for ever', sabotage: dropDelete('data/') },
  { bug: 'a list of fossils says it is older than it is', sabotage: backdate('x-exprsn/fossils/'), from: 50 },
  { bug: 'a silent session is never declared dead', sabotage: freshen('x-exprsn/sessions/') },
]

function dropPut(
  prefix: string,
  { role: wanted, every = 1 }: { readonly role: Role; readonly every?: number },
): Sabotage {
  let puts = 0
  return (store, role) => ({
    ...store,
    put: async (key, body, options) => {
      if (role !== wanted || !key.startsWith(prefix) || ++puts % every !== 0) return store.put(key, body, options)
      const now = await store.put('x-ignored', body)
      await store.delete('x-ignored')
      return { ...now, key }
    },
  })
}

function halvePut(prefix: string, every: number): Sabotage {
  let puts = 0
  return (store) => ({
    ...store,
    put: async (key, body, options) => {
      if (!key.startsWith(prefix) || ++puts % every !== 0) return store.put(key, body, options)
      const bytes = body as Uint8Array
      return { ...(await store.put(key, bytes.subarray(0, bytes.length / 2))), size: bytes.length }
    },
  })
}

function emptyList(prefix: string, wanted: Role): Sabotage {
  return (store, role) =>
    role === wanted ? changeList(store, (options) => (options?.prefix === prefix ? [] : undefined)) : store
}

function forgetLast(prefix: string): Sabotage {
  return (store, role) =>
    role === 'prune'
      ? changeList(store, (options, all) => (options?.prefix === prefix ? newestLess(all) : undefined))
      : store
}

function newestLess(all: readonly ObjectInfo[]): ObjectInfo[] {
  const newest = Math.max(...all.map(({ modifiedAt }) => modifiedAt.getTime()))
  return all.filter(({ modifiedAt }) => modifiedAt.getTime() !== newest)
}

function backdate(prefix: string): Sabotage {
  return redate(prefix, -86_400_000)
}

function freshen(prefix: string): Sabotage {
  return redate(prefix, 86_400_000)
}

function redate(prefix: string, by: number): Sabotage {
  return (store) =>
    changeList(store, (options, all) =>
      options?.prefix === prefix
        ? all.map((info) => ({ ...info, modifiedAt: new Date(info.modifiedAt.getTime() + by) }))
        : undefined,
    )
}

function blindHead(prefix: string): Sabotage {
  return (store) => ({
    ...store,
    head: async (key, options) => (key.startsWith(prefix) ? undefined : store.head(key, options)),
  })
}

function dropDelete(prefix: string): Sabotage {
  return (store) => ({
    ...store,
    delete: async (key, options) => (key.startsWith(prefix) ? undefined : store.delete(key, options)),
  })
}

type ListChange = (
  options: Parameters<ObjectStore['list']>[0],
  all: readonly ObjectInfo[],
) => readonly ObjectInfo[] | undefined

function changeList(store: ObjectStore, change: ListChange): ObjectStore {
  return {
    ...store,
    async *list(options) {
      const all: ObjectInfo[] = []
      for await (const info of store.list(options)) all.push(info)
      yield* change(options, all) ?? all
    },
  }
}
