import { readRest } from '../rest/read-rest.ts'
import { RestKernel } from '../rest/rest-kernel.ts'
import type { RestRows } from '../rest/rest-rows.ts'
import type { Currencies } from './currencies.ts'
import { threadSource, type FilesJoined } from './join-files.ts'
import type { JoinThreads } from './join-threads.ts'
import type { OpenMovements } from './open-movements.ts'

/** How {@link readRests} works. */
export interface RestsOptions {
  /** The gateway's name. */
  readonly gateway: string
  readonly currencies: Currencies
  readonly threads: JoinThreads | undefined
  readonly signal: AbortSignal | undefined
}

/** Reads the rows of both files that names left, the gateway's in a thread of its own where there are any. */
export async function readRests(
  left: OpenMovements,
  right: OpenMovements,
  places: Pick<FilesJoined, 'left' | 'right'>,
  { gateway, currencies, threads, signal }: RestsOptions,
): Promise<{ readonly ours: RestRows; readonly gateway: RestRows }> {
  const side = `${gateway}:`
  const helping = threads?.rest({ source: await threadSource(right), places: places.right, side }, signal)
  const kernel = RestKernel.create()
  const ours = await readRest(left, places.left, { side: 'ours:', currencies, kernel })
  const theirs = await helping
  signal?.throwIfAborted()
  return { ours, gateway: theirs ?? (await readRest(right, places.right, { side, currencies, kernel })) }
}
