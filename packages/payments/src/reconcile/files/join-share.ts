import { sleep } from '@exprsn/core'
import { JoinKernel } from './join-kernel.ts'
import { noneJoined, PartJoiner, type Joined } from './join-part.ts'
import { freeTuples, type TupleLists } from './row-tuples.ts'

/** After so many parts others have their turn in this thread. */
const partsPerTurn = 16

/** Joins all parts of a share, each side gathered by several threads, and frees their memory. */
export async function joinShare(
  left: readonly TupleLists[],
  right: readonly TupleLists[],
  signal: AbortSignal | undefined,
): Promise<Joined> {
  const kernel = JoinKernel.create(left, right)
  const plain = new PartJoiner(left, right)
  const joined = noneJoined()
  for (let part = 0; part < left[0]!.counts.length; part++) {
    if (kernel?.join(part, joined) !== true) plain.join(part, joined)
    if ((part + 1) % partsPerTurn > 0) continue
    await sleep(0)
    signal?.throwIfAborted()
  }
  freeTuples([...left, ...right])
  return joined
}
