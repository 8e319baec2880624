/**
 * How the memory of the annealing kernel is laid out. *Nodes* are tasks and, behind them, starts and ends of vehicles. At address 0
 * stand the settings: addresses of tables, and numbers that stay the same while it runs. A position of a route holds the leg to the
 * next one (f64) and the node (i32). What is remembered per task and vehicle stands in three tables: what the best insertion costs
 * (f64), for which version of the route that was found, and behind which position (i32).
 *
 * What is asked of all vehicles stands side by side as well, four of them at a time: `lanes` is their number and what fills up the
 * last four. Vehicles that are passed over have an infinite sum there.
 */
export const settings = [
  ...(['nodes', 'rowBytes', 'distances', 'near', 'nearWidth', 'nodeOf', 'vehicles', 'vehiclesEnd', 'lanes'] as const),
  ...([
    'costs',
    'versions',
    'positions',
    'sums',
    'capacities',
    'currentVersions',
    'blinked',
    'amounts',
    'sizes',
    'farness',
    'absences',
    'vehicleOf',
    'marks',
    'ruined',
    'pool',
    'keys',
  ] as const),
  ...(['removed', 'changed', 'absent', 'exponentials', 'gaps', 'kindSeen'] as const),
]

export const [vehicleBytes, positionBytes] = [96, 16]

/** Where fields of a vehicle stand. A route that is changed is kept in `spare`, and what is known of it behind. */
export const vehicleFields = {
  ...{ size: 0, version: 4, sum: 8, cost: 24, fixed: 32, kind: 40, closed: 44, route: 48, spare: 52 },
  ...{ changed: 56, ruined: 60, sizeBefore: 64, versionBefore: 68, sumBefore: 72, costBefore: 80, index: 88, used: 92 },
} as const
