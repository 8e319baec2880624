import type { RepositoryContext } from '../repository/context.ts'
import { packKey } from '../repository/pack/pack-key.ts'
import { readPackHeader } from '../repository/pack/read-pack-header.ts'
import type { PackChecker } from './check-threads.ts'
import { compareHeader, problemOf, type ExpectedPack } from './expected-pack.ts'
import type { RepositoryProblem } from './problem.ts'

/** Compares the header of a pack with the index, without reading its content. */
export async function checkHeader(
  { store, key }: RepositoryContext,
  { id, blobs }: ExpectedPack,
  size: number,
  signal: AbortSignal | undefined,
): Promise<readonly RepositoryProblem[]> {
  try {
    const read = (start: number, end: number): Promise<Uint8Array> =>
      store.get(packKey(id), { range: { start, end }, signal })
    return compareHeader(id, await readPackHeader(id, size, key, read), blobs)
  } catch (error) {
    return [problemOf(id, error)]
  }
}

/** Reads a whole pack and has it checked. */
export async function checkContent(
  { store }: RepositoryContext,
  pack: ExpectedPack,
  checker: PackChecker,
  signal: AbortSignal | undefined,
): Promise<readonly RepositoryProblem[]> {
  try {
    const first = await checker.check(pack, await store.get(packKey(pack.id), { signal }))
    if (first.isIntact) return first.problems
    // What flipped on the way is not what lies there.
    return (await checker.check(pack, await store.get(packKey(pack.id), { signal }))).problems
  } catch (error) {
    return [problemOf(pack.id, error)]
  }
}
