import { graphErrors } from '../../graph/errors.ts'
import { mostArcs, type Hierarchy } from '../hierarchy/hierarchy.ts'
import { checkLengths } from '../hierarchy/pack-hierarchy.ts'
import { downwards, upwards } from '../hierarchy/side.ts'
import { closedArc, type CustomisedEdges, type EdgeWeights } from './edge-weights.ts'
import type { Skeleton } from './skeleton.ts'

/** Keeps what is on a shortest path: edges whose weight from below is the best there is. */
export function packCustomised(skeleton: Skeleton, edges: CustomisedEdges, best: EdgeWeights): Hierarchy {
  const { nodes, places, first, targets, arcs } = skeleton
  const kept = keptWays(edges, best)
  const isShared = (edge: number): boolean =>
    kept[edge] === (upwards | downwards) &&
    edges.up[edge] === edges.down[edge] &&
    edges.upBetween[edge] === edges.downBetween[edge]
  const count = kept.reduce((sum, ways, edge) => sum + (ways === 3 && !isShared(edge) ? 2 : ways === 0 ? 0 : 1), 0)
  const packed = {
    first: new Int32Array(nodes + 1),
    edges: new Int32Array(count * 2),
    between: new Int32Array(count),
  }
  const arcPlaces = placesOfArcs(skeleton)
  let end = 0
  const put = (edge: number, ways: number): void => {
    const [weights, betweens] = (ways & upwards) === 0 ? [edges.down, edges.downBetween] : [edges.up, edges.upBetween]
    packed.edges[end * 2] = targets[edge]!
    packed.edges[end * 2 + 1] = weights[edge]! * 4 + ways
    packed.between[end++] =
      betweens[edge]! >= 0 ? betweens[edge]! : ~(arcPlaces[edge * 2]! * mostArcs + arcPlaces[edge * 2 + 1]!)
  }
  for (let place = 0; place < nodes; place++) {
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      const ways = kept[edge]!
      if (ways === 0) continue
      if (ways !== 3 || isShared(edge)) put(edge, ways)
      else {
        put(edge, upwards)
        put(edge, downwards)
      }
    }
    packed.first[place + 1] = end
  }
  checkLengths(packed.first, packed.edges)
  return { nodes, places, ...packed, arcs }
}

function keptWays({ up, down }: EdgeWeights, best: EdgeWeights): Uint8Array {
  return Uint8Array.from(up, (weight, edge) => {
    const isUp = weight < closedArc && weight === best.up[edge]
    const isDown = down[edge]! < closedArc && down[edge] === best.down[edge]
    return (isUp ? upwards : 0) | (isDown ? downwards : 0)
  })
}

/** At `edge * 2` the place of the arc upwards in the row of the node that it leaves, behind it that of the arc downwards. */
function placesOfArcs({ nodes, targets, arcs, edgeOfArc }: Skeleton): Int32Array {
  const found = new Int32Array(targets.length * 2)
  for (let node = 0; node < nodes; node++)
    for (let arc = arcs.first[node]!; arc < arcs.first[node + 1]!; arc++) {
      const place = arc - arcs.first[node]!
      if (place >= mostArcs)
        throw graphErrors.GEO_GRAPH_INVALID({ where: 'the arcs', reason: `a node has more than ${mostArcs}` })
      found[edgeOfArc[arc]!] = place
    }
  return found
}
