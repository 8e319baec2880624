import { graphErrors } from '../../graph/errors.ts'
import { heaviest } from '../../graph/weighted-graph.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { closedArc, type CustomisedEdges, type EdgeWeights } from './edge-weights.ts'
import { packCustomised } from './pack-customised.ts'
import type { Skeleton } from './skeleton.ts'

/**
 * The hierarchy for some weights: shortcuts get theirs from below, then those that are on no shortest path are left out
 * (customization and perfect customization: Dibbelt, Strasser, Wagner 2014).
 *
 * @param weights per arc of the graph, {@link closedArc} where it may not be used
 * @throws `GEO_GRAPH_INVALID` when a shortest path would be heavier than 2^29 - 1
 */
export function customise(skeleton: Skeleton, weights: Int32Array): Hierarchy {
  const edges = weigh(skeleton, weights)
  fromBelow(skeleton, edges)
  const best = { up: edges.up.slice(), down: edges.down.slice() }
  fromAbove(skeleton, best)
  checkWeights(best)
  return packCustomised(skeleton, edges, best)
}

function weigh({ targets, edgeOfArc }: Skeleton, weights: Int32Array): CustomisedEdges {
  const count = targets.length
  const edges = {
    up: new Int32Array(count).fill(closedArc),
    down: new Int32Array(count).fill(closedArc),
    upBetween: new Int32Array(count).fill(-1),
    downBetween: new Int32Array(count).fill(-1),
  }
  for (let arc = 0; arc < edgeOfArc.length; arc++) {
    const edge = edgeOfArc[arc]!
    ;((edge & 1) === 0 ? edges.up : edges.down)[edge >> 1] = weights[arc]!
  }
  return edges
}

/**
 * Every edge gets the weight of its lightest way over less important places. Half of the time of customising is spent here and
 * in `fromAbove`: some 10 ns per triangle.
 */
function fromBelow(skeleton: Skeleton, { up, down, upBetween, downBetween }: CustomisedEdges): void {
  const { nodes, first, targets, firstBelow, below } = skeleton
  const owners = ownersOf(skeleton)
  const edgeTo = new Int32Array(nodes)
  for (let place = nodes - 1; place >= 0; place--) {
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) edgeTo[targets[edge]!] = edge
    for (let at = firstBelow[place]!; at < firstBelow[place + 1]!; at++) {
      const legDown = below[at]!
      const between = owners[legDown]!
      const toBetween = down[legDown]!
      const fromBetween = up[legDown]!
      for (let leg = first[between]!; leg < legDown; leg++) {
        const edge = edgeTo[targets[leg]!]!
        const there = toBetween + up[leg]!
        if (there < up[edge]!) {
          up[edge] = there
          upBetween[edge] = between
        }
        const back = down[leg]! + fromBetween
        if (back < down[edge]!) {
          down[edge] = back
          downBetween[edge] = between
        }
      }
    }
  }
}

/** Every edge gets the weight of the shortest path between its ends: those above it are known before. */
function fromAbove(skeleton: Skeleton, { up, down }: EdgeWeights): void {
  const { nodes, first, targets, firstBelow, below } = skeleton
  const owners = ownersOf(skeleton)
  const edgeTo = new Int32Array(nodes)
  for (let place = 0; place < nodes; place++) {
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) edgeTo[targets[edge]!] = edge
    for (let at = firstBelow[place]!; at < firstBelow[place + 1]!; at++) {
      const near = below[at]!
      const low = owners[near]!
      for (let far = first[low]!; far < near; far++) {
        const edge = edgeTo[targets[far]!]!
        const [across, back] = [up[edge]!, down[edge]!]
        up[near] = Math.min(up[near]!, up[far]! + back)
        down[near] = Math.min(down[near]!, across + down[far]!)
        up[far] = Math.min(up[far]!, up[near]! + across)
        down[far] = Math.min(down[far]!, back + down[near]!)
      }
    }
  }
}

/** Per edge the place in whose row it stands. */
function ownersOf({ nodes, first, targets }: Skeleton): Int32Array {
  const owners = new Int32Array(targets.length)
  for (let place = 0; place < nodes; place++) owners.fill(place, first[place], first[place + 1])
  return owners
}

function checkWeights({ up, down }: EdgeWeights): void {
  for (const weights of [up, down])
    for (const weight of weights)
      if (weight > heaviest && weight < closedArc)
        throw graphErrors.GEO_GRAPH_INVALID({ where: 'the weights', reason: 'paths may be heavier than 536,870,911' })
}
