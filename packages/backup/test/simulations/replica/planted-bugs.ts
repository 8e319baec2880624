import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import type { ReplicaRole, ReplicaSabotage } from './run-seed.ts'

/** One promise broken on purpose, by changing what goes to the replica or comes from it. */
export interface PlantedReplicaBug {
  readonly bug: string
  readonly sabotage: ReplicaSabotage
}

/** Every one of them must be found by the seeds that the tests run. */
export const plantedReplicaBugs: readonly PlantedReplicaBug[] = [
  { bug: 'a pack is acknowledged but never stored', sabotage: dropPut('data/', 'replicate') },
  { bug: 'an index is acknowledged but never stored', sabotage: dropPut('index/', 'replicate') },
  { bug: 'a snapshot is acknowledged but never stored', sabotage: dropPut('snapshots/', 'replicate') },
  { bug: 'half a pack is stored', sabotage: halvePut('data/') },
  { bug: 'a replication does not register', sabotage: dropPut('x-exprsn/sessions/', 'replicate') },
  { bug: 'a replication counts on packs that are about to go', sabotage: emptyList('x-exprsn/fossils/', 'replicate') },
  { bug: 'a replication takes for stored what is not', sabotage: showAll('data/') },
  { bug: 'a prune of the replica looks at no sessions', sabotage: emptyList('x-exprsn/sessions/', 'replica-prune') },
  { bug: 'a prune of the replica overlooks snapshots', sabotage: emptyList('snapshots/', 'replica-prune') },
  { bug: 'a prune of the replica does not store what it copied', sabotage: dropPut('data/', 'replica-prune') },
  { bug: 'a prune of the replica does not list what it copied', sabotage: dropPut('index/', 'replica-prune') },
]

function dropPut(prefix: string, role: ReplicaRole): ReplicaSabotage {
  return changed(role, (store) => ({
    ...store,
    async put(key, body, options) {
      if (!key.startsWith(prefix)) return store.put(key, body, options)
      return { key, size: (body as Uint8Array).length, etag: 'none', modifiedAt: new Date(0) }
    },
  }))
}

function halvePut(prefix: string): ReplicaSabotage {
  return changed('replicate', (store) => ({
    ...store,
    async put(key, body, { sha256: _sha256, ...options } = {}) {
      const bytes = body as Uint8Array
      if (!key.startsWith(prefix)) return store.put(key, body, options)
      return { ...(await store.put(key, bytes.subarray(0, bytes.length / 2), options)), size: bytes.length }
    },
  }))
}

function emptyList(prefix: string, role: ReplicaRole): ReplicaSabotage {
  return changed(role, (store) => ({
    ...store,
    async *list(options) {
      if (options?.prefix !== prefix) yield* store.list(options)
    },
  }))
}

/** Lists what was ever stored, also when it is gone. */
function showAll(prefix: string): ReplicaSabotage {
  const seen = new Map<string, ObjectInfo>()
  return changed('replicate', (store) => ({
    ...store,
    async put(key, body, options) {
      const info = await store.put(key, body, options)
      seen.set(key, info)
      return info
    },
    async *list(options) {
      if (options?.prefix !== prefix) return yield* store.list(options)
      for await (const info of store.list(options)) seen.set(info.key, info)
      yield* [...seen.values()].toSorted((left, right) => (left.key < right.key ? -1 : 1))
    },
  }))
}

function changed(wanted: ReplicaRole, change: (store: ObjectStore) => ObjectStore): ReplicaSabotage {
  return (store, role) => (role === wanted ? change(store) : store)
}
