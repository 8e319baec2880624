import { connected } from '../match/components.ts'
import type { RowNumbers } from './row-numbers.ts'

/** Told of rows that share a name with each other, ascending. */
export type OnSharing = (together: readonly number[]) => void

/** Rows with the same key. */
export function sharingKeys({ starts, keys }: RowNumbers, onSharing: OnSharing): void {
  // Rows of a key form a chain, from the first to the last; 0 is none.
  const firsts = new Int32Array(starts.length)
  const nexts = new Int32Array(keys.length)
  for (let row = keys.length - 1; row >= 0; row--) {
    const key = keys[row]!
    if (key < 0) continue
    nexts[row] = firsts[key]!
    firsts[key] = row + 1
  }
  for (let row = 0; row < keys.length; row++)
    if (nexts[row] !== 0 && firsts[keys[row]!] === row + 1) onSharing(chainFrom(row, nexts))
}

function chainFrom(first: number, nexts: Int32Array): number[] {
  const together = [first]
  for (let next = nexts[first]!; next !== 0; next = nexts[next - 1]!) together.push(next - 1)
  return together
}

/** Of some rows, which ascend, those that are connected by keys or groups. */
export function sharingNames(rows: Uint32Array, { starts, keys, groups }: RowNumbers, onSharing: OnSharing): void {
  const links: number[] = []
  const owners = new Int32Array(starts.length)
  for (let at = 0; at < rows.length; at++) {
    link(keys[rows[at]!]!, at, owners, links)
    link(groups[rows[at]!]!, at, owners, links)
  }
  if (links.length === 0) return
  for (const together of connected(rows.length, links))
    if (typeof together !== 'number') onSharing(together.map((at) => rows[at]!))
}

/** Links who has a name with the first that has it. */
function link(name: number, at: number, owners: Int32Array, links: number[]): void {
  if (name < 0) return
  const owner = owners[name]!
  if (owner === 0) owners[name] = at + 1
  else links.push(owner - 1, at)
}
