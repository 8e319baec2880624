/**
 * How the memory of the annealing kernel is laid out. *Nodes* are tasks and, behind them, starts and ends of vehicles. At address 0
 * stand the settings: addresses of tables, and numbers that stay the same while it runs.
 *
 * A position of a route holds the leg to the next one (f64) and the node (i32). They go from 0, the start, to the end, of which the
 * leg is −Infinity: two positions at a time can be looked at, since to come behind the end costs Infinity. Per task and vehicle is
 * remembered what the best insertion costs (f64), and for which version of the route that was found (i32). The room of all vehicles stands side by side as well, of four at a time: `lanes` is their number and
 * what fills up the last four. Vehicles that are passed over have an infinite sum there.
 */
export const settings = [
  ...(['nodes', 'rowBytes', 'distances', 'near', 'nearWidth', 'nodeOf', 'vehicles', 'vehiclesEnd', 'lanes'] as const),
  ...(['costs', 'versions', 'sums', 'capacities', 'amounts', 'sizes', 'farness', 'absences'] as const),
  ...([
    'vehicleOf',
    'marks',
    'ruined',
    'pool',
    'keys',
    'removed',
    'changed',
    'absent',
    'exponentials',
    'gaps',
  ] as const),
  'kindSeen' as const,
]

export const [vehicleBytes, positionBytes] = [96, 16]

/** Where fields of a vehicle stand. A route that is changed is kept in `spare`, and what is known of it behind. */
export const vehicleFields = {
  ...{ size: 0, version: 4, sum: 8, cost: 24, fixed: 32, kind: 40, closed: 44, route: 48, spare: 52 },
  ...{ changed: 56, ruined: 60, sizeBefore: 64, versionBefore: 68, sumBefore: 72, costBefore: 80, used: 88 },
} as const
