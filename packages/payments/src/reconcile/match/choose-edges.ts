import { components } from './components.ts'
import { assign, forbidden } from './assignment.ts'
import type { Edge } from './edge.ts'

/** What came of some edges: those to be taken, and those that something else fits as well as. */
export interface Choice<Each extends Edge = Edge> {
  readonly taken: readonly Each[]
  /** Edges of items that could not be decided. */
  readonly ambiguous: readonly Each[]
}

const largest = 12

/**
 * Takes edges so that each item has at most one and the costs are the least. An edge is taken only when every cheapest
 * assignment has it: what could as well be otherwise is left to people. The order of the edges makes no difference.
 */
export function chooseEdges<Each extends Edge>(all: readonly Each[]): Choice<Each> {
  const degrees = new Map<string, number>()
  for (const { left, right } of all) for (const end of [left, right]) degrees.set(end, (degrees.get(end) ?? 0) + 1)
  const isAlone = ({ left, right }: Edge): boolean => degrees.get(left) === 1 && degrees.get(right) === 1
  const edges = all.filter((edge) => !isAlone(edge))
  const nodes = [...new Set(edges.flatMap(({ left, right }) => [left, right]))].toSorted()
  const byLeft = Map.groupBy(edges, ({ left }) => left)
  const links = edges.map(({ left, right }) => [left, right] as const)
  const taken = all.filter(isAlone)
  const ambiguous: Each[] = []
  for (const together of components(nodes, links))
    decide(
      together.flatMap((node) => byLeft.get(node) ?? []),
      taken,
      ambiguous,
    )
  return { taken, ambiguous }
}

function decide<Each extends Edge>(edges: readonly Each[], taken: Each[], ambiguous: Each[]): void {
  const lefts = [...new Set(edges.map(({ left }) => left))].toSorted()
  const rights = [...new Set(edges.map(({ right }) => right))].toSorted()
  if (lefts.length > largest || rights.length > largest) {
    ambiguous.push(...edges)
    return
  }
  const costs = lefts.map(() => rights.map(() => forbidden))
  const table = new Map<string, Each>()
  for (const edge of edges) {
    const [row, column] = [lefts.indexOf(edge.left), rights.indexOf(edge.right)]
    if (edge.cost >= costs[row]![column]!) continue
    costs[row]![column] = edge.cost
    table.set(`${row} ${column}`, edge)
  }
  const best = assign(costs)
  const sure = new Set<Each>()
  best.columns.forEach((column, row) => {
    if (column < 0) return
    const without = costs.map((line, at) => (at === row ? line.with(column, forbidden) : line))
    if (assign(without).total > best.total + 1e-9) sure.add(table.get(`${row} ${column}`)!)
  })
  taken.push(...sure)
  const decided = new Set([...sure].flatMap(({ left, right }) => [left, right]))
  ambiguous.push(...edges.filter(({ left, right }) => !decided.has(left) && !decided.has(right)))
}
