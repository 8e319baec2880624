import type { Hierarchy } from './hierarchy.ts'
import { downwards, upwards } from './side.ts'

/** Appends the arcs, in order, that an edge stands for when it is taken `way`. */
export function unpack(
  { children }: Hierarchy,
  edge: number,
  way: typeof upwards | typeof downwards,
  arcs: number[],
): void {
  const edges = [edge]
  const ways: number[] = [way]
  while (edges.length > 0) {
    const current = edges.pop()!
    const up = ways.pop() === upwards
    const low = children[current * 2]!
    const high = children[current * 2 + 1]!
    if (low < 0) {
      arcs.push(up ? ~high : ~low)
      continue
    }
    // Both children stand in the row of the place between, which is below both ends: to enter it is a way down.
    edges.push(up ? high : low, up ? low : high)
    ways.push(upwards, downwards)
  }
}
