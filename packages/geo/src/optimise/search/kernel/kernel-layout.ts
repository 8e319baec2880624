/**
 * How the memory of the annealing kernel is laid out. *Nodes* are tasks and, behind them, starts and ends of vehicles. At address 0
 * stand the settings: addresses of tables, and numbers that stay the same while it runs.
 *
 * A position of a route holds the leg to the next one, as distances are held, and the node (i32), legs and nodes each side by side. They
 * go from 0, the start, to the end. Four positions at a time are looked at: behind the end stand some more, whatever their nodes, with legs
 * of −Infinity, or what stands for it in whole numbers, so that to come there costs more than anything. Per task and vehicle is remembered
 * what the best insertion costs (f64), and for which version of the route that was found (i32), 16 bytes each. What all vehicles carry and
 * can carry stands side by side as well, and that of those with room for any of the tasks that are left out a second time: `lanes` is the
 * number of vehicles and what fills up the last four. Vehicles that are passed over have an infinite sum there.
 */
export const settings = [
  ...(['nodes', 'rowBytes', 'near', 'nearWidth', 'nodeOf', 'vehicles', 'vehiclesEnd', 'lanes'] as const),
  ...([
    'known',
    'knownBytes',
    'sums',
    'capacities',
    'amounts',
    'largestFirst',
    'farthestFirst',
    'nearestFirst',
    'absences',
  ] as const),
  ...([
    'vehicleOf',
    'ruined',
    'pool',
    'keys',
    'sorted',
    'removed',
    'changed',
    'absent',
    'exponentials',
    'gaps',
  ] as const),
  ...(['kindSeen', 'legsBytes', 'openVehicles', 'openSums', 'openCapacities'] as const),
]

export const vehicleBytes = 128
/** So many legs from the end on are looked at. */
export const endLegs = 3

/**
 * Where fields of a vehicle stand. `distances` is the address of its table: vehicles that go at the same price share one. A route that is
 * changed is kept in `spare`, and what is known of it further behind.
 */
export const vehicleFields = {
  ...{
    size: 0,
    version: 4,
    route: 8,
    used: 12,
    sum: 16,
    cost: 24,
    fixed: 32,
    spare: 40,
    changed: 44,
    kind: 48,
    closed: 52,
  },
  ...{ ruined: 56, distances: 60, sizeBefore: 64, versionBefore: 68, sumBefore: 72, costBefore: 80 },
} as const
