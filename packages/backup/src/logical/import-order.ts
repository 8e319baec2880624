/** A reference between two tables that are imported. */
export interface TableReference<Table> {
  /** Holds the foreign key. */
  readonly from: Table
  readonly to: Table
}

/** Tables that refer to each other in a circle, or a single one. */
export interface TableGroup<Table> {
  readonly tables: readonly Table[]
  /** Whether its tables refer to each other, or to themselves. */
  readonly circular: boolean
}

/**
 * Groups in an order in which everything that is referred to comes first; the groups of one step do not refer to each other.
 * Circles are found with Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972).
 */
export function importOrder<Table>(
  tables: readonly Table[],
  references: readonly TableReference<Table>[],
): TableGroup<Table>[][] {
  const parents = new Map<Table, Table[]>(tables.map((table) => [table, []]))
  for (const { from, to } of references) parents.get(from)?.push(to)
  const groups = stronglyConnected(tables, (table) => parents.get(table) ?? [])
  const stepOf = new Map<Table, number>()
  const steps: TableGroup<Table>[][] = []
  for (const group of groups) {
    const outside = group.flatMap((table) => parents.get(table) ?? []).filter((parent) => !group.includes(parent))
    // A group is found after all that it refers to.
    const step = 1 + Math.max(-1, ...outside.map((parent) => stepOf.get(parent)!))
    for (const table of group) stepOf.set(table, step)
    const circular = group.length > 1 || (parents.get(group[0]!) ?? []).includes(group[0]!)
    ;(steps[step] ??= []).push({ tables: group, circular })
  }
  return steps
}

/** Each group after the ones that can be reached from it. Without recursion: chains of references may be long. */
function stronglyConnected<Table>(tables: readonly Table[], next: (table: Table) => readonly Table[]): Table[][] {
  const indexes = new Map<Table, number>()
  const lowest = new Map<Table, number>()
  const open: Table[] = []
  const isOpen = new Set<Table>()
  const groups: Table[][] = []
  for (const root of tables) {
    if (indexes.has(root)) continue
    const path: { readonly table: Table; readonly rest: Table[] }[] = []
    const enter = (table: Table): void => {
      indexes.set(table, indexes.size)
      lowest.set(table, indexes.get(table)!)
      open.push(table)
      isOpen.add(table)
      path.push({ table, rest: [...next(table)] })
    }
    const lower = (table: Table, value: number): void => void lowest.set(table, Math.min(lowest.get(table)!, value))
    enter(root)
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { table, rest } = step
      const child = rest.pop()
      if (child === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent !== undefined) lower(parent.table, lowest.get(table)!)
        if (lowest.get(table) !== indexes.get(table)) continue
        const group = open.splice(open.indexOf(table))
        for (const each of group) isOpen.delete(each)
        groups.push(group)
      } else if (!indexes.has(child)) enter(child)
      else if (isOpen.has(child)) lower(table, indexes.get(child)!)
    }
  }
  return groups
}
