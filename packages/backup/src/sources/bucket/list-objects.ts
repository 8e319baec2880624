import type { ObjectInfo, ObjectStore } from '@exprsn/core/storage'
import type { VersionFacts } from './object-facts.ts'

/** An object of a listing, or a version of one. */
export interface ListedObject extends ObjectInfo {
  readonly version?: VersionFacts | undefined
}

/** The objects of a store, with those that it keeps of the past where they are asked for. */
export async function* listObjects({
  store,
  prefix,
  versions,
  signal,
}: {
  readonly store: ObjectStore
  readonly prefix: string
  readonly versions: boolean
  readonly signal: AbortSignal | undefined
}): AsyncGenerator<ListedObject, void, void> {
  if (!versions) return yield* store.list({ prefix, signal })
  let before = ''
  let age = 0
  for await (const info of store.versions!.list({ prefix, signal })) {
    age = info.key === before ? age + 1 : 0
    before = info.key
    yield { ...info, version: { id: info.versionId, age, deleted: info.isDeleted } }
  }
}
