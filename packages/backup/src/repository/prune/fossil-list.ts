import { createIdGenerator } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { isNotFound } from '../object/repository-store.ts'
import { openSealed, sealPlain } from '../../seal/index.ts'

/**
 * Packs that a prune found to be unneeded. They stay until every program that began before the list was written has
 * ended; programs that begin later do not count on them (the two steps of fossil collection, after Duplicacy's
 * "Lock-Free Deduplication").
 */
export interface FossilList {
  readonly id: string
  /** When it was written, by the store's clock, milliseconds since 1970. */
  readonly writtenAt: number
  readonly packs: readonly ContentId[]
}

const prefix = 'x-exprsn/fossils/'

/** Writes a list; from then on new sessions leave its packs alone. */
export async function putFossils(context: RepositoryContext, packs: readonly ContentId[]): Promise<void> {
  const id = createIdGenerator(context)()
  const sealed = sealPlain(context.key, Buffer.from(JSON.stringify({ packs })), context.random)
  await context.store.put(prefix + id, sealed)
}

/** Every list there is. */
export async function listFossils(context: RepositoryContext, signal?: AbortSignal): Promise<FossilList[]> {
  const lists: FossilList[] = []
  for (const { key, modifiedAt } of await context.store.list(prefix, signal)) {
    const packs = await readPacks(context, key, signal)
    if (packs !== undefined) lists.push({ id: key.slice(prefix.length), writtenAt: modifiedAt.getTime(), packs })
  }
  return lists
}

/** Removes a list that was dealt with. */
export async function deleteFossils({ store }: RepositoryContext, id: string): Promise<void> {
  await store.delete(prefix + id)
}

async function readPacks(
  { store, key }: RepositoryContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ContentId[] | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const plain = openSealed(key, await store.get(name, { signal }))
      if (plain !== undefined) return (JSON.parse(Buffer.from(plain).toString()) as { packs: ContentId[] }).packs
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
    if (attempt === 2)
      throw repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: name, reason: 'its authenticator does not match' })
  }
}
