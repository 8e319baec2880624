import type { Collected, RoutableWay } from './collect.ts'
import type { UsedNodes } from './used-nodes.ts'

/** A stretch of a way between two ends: nodes where roads meet, where a way ends, or that have a rule or a restriction. */
export interface Piece {
  readonly way: RoutableWay
  /** Places in the used nodes, both ends included. */
  readonly nodes: Int32Array
  /** km/h, 0 where closed. */
  readonly forward: number
  readonly backward: number
}

/** Cuts ways at their ends. Nodes that are missing in the data end a way, too. */
export function cutWays({ ways, nodeRules, restrictions }: Collected, used: UsedNodes): Piece[] {
  const uses = countUses(ways, used)
  for (const id of nodeRules.keys()) {
    const node = used.placeOf(id)
    if (node >= 0) uses[node] = 2
  }
  for (const { viaNode } of restrictions) {
    const node = viaNode === undefined ? -1 : used.placeOf(viaNode)
    if (node >= 0) uses[node] = 2
  }
  const pieces: Piece[] = []
  for (const way of ways) {
    const nodes = placesOf(way, used)
    const { forward, backward } = speedsOf(way, nodes, used)
    let begin = 0
    for (let at = 0; at < nodes.length; at++) {
      if (nodes[at]! < 0) begin = at + 1
      else if (at > begin && (at === nodes.length - 1 || nodes[at + 1]! < 0 || uses[nodes[at]!]! > 1)) {
        pieces.push({ way, nodes: nodes.slice(begin, at + 1), forward, backward })
        begin = at
      }
    }
  }
  return pieces
}

/** How often a way passes each node; ends count twice, so that they are ends. */
function countUses(ways: readonly RoutableWay[], used: UsedNodes): Uint8Array {
  const uses = new Uint8Array(used.count)
  const add = (node: number, times: number): void => {
    if (node >= 0) uses[node] = Math.min(2, uses[node]! + times)
  }
  for (const way of ways) {
    const nodes = placesOf(way, used)
    nodes.forEach((node, index) => add(node, index === 0 || index === nodes.length - 1 ? 2 : 1))
  }
  return uses
}

function placesOf({ nodes }: RoutableWay, used: UsedNodes): Int32Array {
  return Int32Array.from(nodes, (id) => used.placeOf(id))
}

/** A ferry that says how long it takes goes as fast as that, whatever is usual. */
function speedsOf({ rule }: RoutableWay, nodes: Int32Array, used: UsedNodes) {
  if (rule.duration === undefined) return rule
  let metres = 0
  for (let at = 1; at < nodes.length; at++)
    if (nodes[at - 1]! >= 0 && nodes[at]! >= 0) metres += used.metresBetween(nodes[at - 1]!, nodes[at]!)
  const speed = Math.max(0.1, (metres / rule.duration) * 3.6)
  return { forward: rule.forward > 0 ? speed : 0, backward: rule.backward > 0 ? speed : 0 }
}

/** Milliseconds for a line of so many metres, whole so that sums are exact. */
export function millisecondsFor(metres: number, speed: number): number {
  return Math.round((metres * 3_600) / speed)
}
