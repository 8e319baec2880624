import { matchIdsWasm } from './match-ids.wasm.ts'
import type { RestTable } from './rest-table.ts'
import { instantiateOver } from './rows-memory.ts'

/** Letters of a match's name. */
export const nameLength = 22
/** Room to make one in. */
export const nameStageBytes = 67_000
/** Names that are one text, of which each is a part: whoever keeps one keeps them all. */
const together = 128

interface Exports {
  names(...numbers: readonly number[]): number
}

/** What the names of pairs are made from, as plain data; they go to `names`. */
export interface PairNames {
  readonly table: Pick<RestTable, 'bytes' | 'spans' | 'isOurs' | 'count' | 'memory'>
  readonly partners: Int32Array
  readonly names: Uint8Array
  /** Of {@link nameStageBytes}: other threads may write lines meanwhile. */
  readonly nameStage: Uint8Array
}

/** As `matchId` of each pair, in order of our rows. Gives how many bytes they take; undefined where WebAssembly cannot run. */
export function namePairs({ table, partners, names, nameStage }: PairNames): number | undefined {
  const { bytes, spans, isOurs, count, memory } = table
  const exports = memory && instantiateOver<Exports>(memory, matchIdsWasm)
  if (exports === undefined) return undefined
  const columns = [bytes, spans, isOurs, partners].map(({ byteOffset }) => byteOffset)
  return exports.names(...columns, count, nameStage.byteOffset, names.byteOffset) - names.byteOffset
}

/** Reads the names that were made, one after the other; undefined where one was not. */
export function nameReader(names: Uint8Array): () => string | undefined {
  const all = Buffer.from(names.buffer, names.byteOffset, names.length)
  let [next, text] = [0, '']
  return () => {
    const at = nameLength * (next % together)
    const begin = nameLength * next++
    if (at === 0) text = all.toString('latin1', begin, begin + nameLength * together)
    return all[begin] === 0 ? undefined : text.slice(at, at + nameLength)
  }
}
