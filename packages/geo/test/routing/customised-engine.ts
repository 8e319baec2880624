import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { WeightedGraph } from '@exprsn/geo/graph'
import { createMatrix, createSearch } from '@exprsn/geo/routing'
import { customise } from '../../src/routing/customisable/customise.ts'
import { dissectNodes } from '../../src/routing/customisable/dissect-nodes.ts'
import { buildSkeleton } from '../../src/routing/customisable/skeleton.ts'
import type { HierarchyEngine } from './hierarchy-check.ts'

/** What customising is made of: the real parts, or ones with a planted bug. */
export interface CustomisingParts {
  readonly customise: typeof customise
  readonly dissectNodes: typeof dissectNodes
  readonly buildSkeleton: typeof buildSkeleton
}

/** The customisable engine as one that builds hierarchies. Nodes lie anywhere: only its speed depends on where. */
export function customisedEngine(
  parts: CustomisingParts = { customise, dissectNodes, buildSkeleton },
): HierarchyEngine {
  return {
    createMatrix,
    createSearch,
    buildHierarchy(graph) {
      const skeleton = parts.buildSkeleton(graph, orderOf(graph, parts))
      // Other weights first: nothing of them may stay.
      parts.customise(
        skeleton,
        graph.weights.map((weight) => (weight * 7) % 31),
      )
      return parts.customise(skeleton, graph.weights)
    },
  }
}

function orderOf(graph: WeightedGraph, { dissectNodes: dissect }: CustomisingParts): Int32Array {
  const random = new SeededRandom(`layout ${graph.nodes}`)
  const anywhere = () => Float64Array.from({ length: graph.nodes }, () => randomFraction(random))
  const tails = new Int32Array(graph.heads.length)
  for (let node = 0; node < graph.nodes; node++) tails.fill(node, graph.first[node]!, graph.first[node + 1]!)
  const order = dissect(graph.nodes, { tails, heads: graph.heads }, { x: anywhere(), y: anywhere() })
  if (new Set(order).size !== graph.nodes) throw new Error('the order leaves nodes out')
  return order
}
